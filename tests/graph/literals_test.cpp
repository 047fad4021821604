// What the compiler makes of literal numbers: a fault of GCC 12 changed them without a word (graph/CMakeLists.txt).
#include <doctest/doctest.h>

#include <vector>

namespace {

[[gnu::noinline]] std::vector<double> copied() {
  const double numbers[] = {1, 1, 0, 0};
  return {std::begin(numbers), std::end(numbers)};
}

}  // namespace

TEST_CASE("a list of literal numbers is copied as it is written") {
  const std::vector<double> numbers = copied();
  const double expected[] = {1, 1, 0, 0};
  for (std::size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == expected[i]);
}
