// Any bytes: characters that are written back as the same bytes and numbered within their vocabulary, or refused as bad
// data.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "graph/error.hpp"
#include "sim/datasets/characters.hpp"
#include "sim/datasets/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const std::u32string text = settle::decode_utf8(std::as_bytes(std::span(data, size)), "fuzz");
    const std::string again = settle::encode_utf8(text);
    if (!std::ranges::equal(std::as_bytes(std::span(again)), std::as_bytes(std::span(data, size)))) std::abort();
    const std::u32string vocabulary = settle::vocabulary_of(text);
    std::size_t at = 0;
    for (const std::uint32_t number : settle::numbered(text, vocabulary))
      if (number >= vocabulary.size() || vocabulary[number] != text[at++]) std::abort();
  } catch (const settle::BadData&) {
  }
  return 0;
}
