// Two sides of a run know each other; what differs is named with both sides' values.
#include "actors/wire/hello.hpp"

#include <doctest/doctest.h>

#include "tests/actors/wire/peers.hpp"

using namespace settle;

TEST_CASE("hello arrives as it was said") {
  Hello hello = test_hello(3);
  hello.window = 1234567890123;
  Bytes content;
  append_hello(content, hello);
  const Hello read = read_hello(content);
  CHECK(read.rank == 3);
  CHECK(read.window == 1234567890123);
  CHECK(read.run == hello.run);
  CHECK(read.build == hello.build);
  CHECK(read.instruction_set == hello.instruction_set);
  CHECK(read.graph == hello.graph);
  CHECK(read.scalar == hello.scalar);
  CHECK(read.byte_order == hello.byte_order);
  for (std::size_t size = 0; size < content.size(); ++size)
    CHECK_THROWS_AS(read_hello(std::span(content).first(size)), BadData);
  content.push_back('x');
  CHECK_THROWS_AS(read_hello(content), BadData);
}

TEST_CASE("what differs between two hosts is named with what each says") {
  const Hello mine = test_hello(0);
  const auto difference = [&](auto change, bool allow_mixed = false) {
    Hello theirs = test_hello(1);
    change(theirs);
    return mismatch(mine, theirs, allow_mixed);
  };
  CHECK(difference([](Hello&) {}).empty());
  CHECK(difference([](Hello& h) { h.window = 5; }).empty());
  CHECK(difference([](Hello& h) { h.rank = 0; }) == "both are host 0");
  CHECK(difference([](Hello& h) { h.build = "older"; }) == "the build of host 1 is 'older', of host 0 'a build'");
  CHECK(difference([](Hello& h) { h.instruction_set = "baseline"; }) ==
        "the instruction set of host 1 is 'baseline', of host 0 'avx2 fma'");
  CHECK(difference([](Hello& h) { h.graph = "0"; }) == "the graph of host 1 is '0', of host 0 'hash of the graph'");
  CHECK(difference([](Hello& h) { h.scalar = "float64"; }) == "the scalar of host 1 is 'float64', of host 0 'float32'");
  CHECK(difference([](Hello& h) { h.byte_order = "big-endian"; }) ==
        "the byte order of host 1 is 'big-endian', of host 0 'little-endian'");
  CHECK(difference([](Hello& h) { h.build = "older"; }, true).empty());
  CHECK(difference([](Hello& h) { h.instruction_set = "baseline"; }, true).empty());
  CHECK_FALSE(difference([](Hello& h) { h.graph = "0"; }, true).empty());
}

TEST_CASE("a wrong run token is named and not shown") {
  for (const std::string token : {"another token", "run tokeN", ""}) {
    Hello theirs = test_hello(1);
    theirs.run = token;
    CHECK(mismatch(test_hello(0), theirs, true) == "the run token of host 1 is not that of host 0");
  }
}
