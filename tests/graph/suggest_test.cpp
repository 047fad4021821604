#include "graph/suggest.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace settle;

TEST_CASE("the edit distance counts insertions, deletions, replacements and swaps of neighbours") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("tahn", "tanh") == 1);
  CHECK(edit_distance("ca", "abc") == 3);
  CHECK(edit_distance("abcdef", "abcdef") == 0);
}

TEST_CASE("the nearest word is suggested where it is a slip away, and nothing where it is not") {
  const std::vector<std::string> words = {"linear", "tanh", "relu", "sigmoid"};
  CHECK(nearest_word("lineer", words) == "linear");
  CHECK(nearest_word("Tanh", words) == "tanh");
  CHECK(nearest_word("sigmod", words) == "sigmoid");
  CHECK(nearest_word("softmax", words) == std::nullopt);
  CHECK(nearest_word("x", words) == std::nullopt);
  CHECK(nearest_word("x", std::vector<std::string>{"y"}) == std::nullopt);
  CHECK(nearest_word(std::string(100000, 'a'), words) == std::nullopt);
}
