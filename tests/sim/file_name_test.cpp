#include "sim/file_name.hpp"

#include <doctest/doctest.h>

using namespace settle;

TEST_CASE("names become parts of file names that cannot leave their folder and stay apart") {
  CHECK(file_part("h1.weight") == "h1.weight");
  CHECK(file_part("/0/Gemm output:0") == "%2F0%2FGemm output:0");
  CHECK(file_part("../../etc/passwd") == "..%2F..%2Fetc%2Fpasswd");
  CHECK(file_part("50%2F") == "50%252F");
  CHECK(file_part(std::string("a\nb\0c", 5)) == "a%0Ab%00c");
  CHECK(file_part("größe") == "größe");
}
