// Purpose: a list of labelled words, one a line: WORD, a tab, LABEL, in UTF-8. Lines of nothing but spaces are left
// out, a carriage return at the end of a line is no part of it. Callers: the dataset of words, the fuzz target.
// Thread rule: a free function. Errors: BadData naming file and line: no tab or two, no word or no label; no lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace settle {

struct WordList {
  std::vector<std::u32string> words;
  std::vector<std::uint32_t> labels;        // by word: a place in label_names
  std::vector<std::u32string> label_names;  // each once, in the order of their code points
};

WordList parse_word_list(std::span<const std::byte> file, const std::string& name);

}  // namespace settle
