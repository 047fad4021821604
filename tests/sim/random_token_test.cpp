#include "sim/random_token.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace settle;

TEST_CASE("tokens are 32 hexadecimal digits and do not repeat") {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    const std::string token = random_token();
    CHECK(token.size() == 32);
    CHECK(token.find_first_not_of("0123456789ABCDEF") == std::string::npos);
    tokens.insert(token);
  }
  CHECK(tokens.size() == 100);
}
