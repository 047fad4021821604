#include "graph/name_pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using settle::matches;

TEST_CASE("a pattern without a star is a name") {
  CHECK(matches("h1", "h1"));
  CHECK_FALSE(matches("h1", "h10"));
  CHECK_FALSE(matches("h1", "h"));
  CHECK_FALSE(matches("", "h"));
  CHECK(matches("", ""));
}

TEST_CASE("a star stands for any letters and a question mark for one") {
  CHECK(matches("*", ""));
  CHECK(matches("*", "anything"));
  CHECK(matches("h*", "h12"));
  CHECK(matches("*.weight", "h1.weight"));
  CHECK(matches("*a*ab", "aaab"));
  CHECK(matches("a**b", "ab"));
  CHECK_FALSE(matches("*a*ab", "aaba"));
  CHECK(matches("h?", "h1"));
  CHECK_FALSE(matches("h?", "h"));
  CHECK_FALSE(matches("h?", "h12"));
}

TEST_CASE("a bracket in a pattern is a bracket of an index") {
  CHECK(matches("h[*]", "h[12]"));
  CHECK(matches("h[1,?]", "h[1,2]"));
  CHECK_FALSE(matches("h[12]", "h1"));
}

TEST_CASE("a pattern of many stars is decided without searching all ways") {
  const std::string name(20000, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK(matches(pattern, name));
  CHECK_FALSE(matches(pattern + "b", name));
}
