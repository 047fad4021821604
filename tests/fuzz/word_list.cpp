// Any bytes: labelled words, none of them empty, or refused as bad data.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "graph/error.hpp"
#include "sim/datasets/word_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const settle::WordList list = settle::parse_word_list(std::as_bytes(std::span(data, size)), "fuzz");
    if (list.words.empty() || list.words.size() != list.labels.size()) std::abort();
    for (const std::u32string& word : list.words)
      if (word.empty()) std::abort();
    for (const std::uint32_t label : list.labels)
      if (label >= list.label_names.size() || list.label_names[label].empty()) std::abort();
  } catch (const settle::BadData&) {
  }
  return 0;
}
