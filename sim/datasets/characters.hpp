// Purpose: sequences of characters as columns: the characters that there are, numbered; samples as pieces of one long
// list of those numbers; which steps of a padded sample are there. Callers: the datasets of text and words.
// Thread rule: value types; columns as Column.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/run_config.hpp"
#include "sim/dataset.hpp"

namespace settle {

// All characters of `text`, each once, in the order of their code points: a character's number is its place.
std::u32string vocabulary_of(std::u32string_view text);
// Requires: every character is in the vocabulary.
std::vector<std::uint32_t> numbered(std::u32string_view text, std::u32string_view vocabulary);

// A sample: the characters [start, start + length) of the list.
struct Piece {
  std::uint32_t start = 0;
  std::uint32_t length = 0;
};

struct Pieces {
  std::shared_ptr<const std::vector<std::uint32_t>> numbers;
  std::vector<Piece> pieces;
  std::uint32_t steps = 0;  // of a sample: the longest piece
};

// `[steps, classes]` with 1 at each step's character, or `[steps]`, its number. Steps that are not there are 0.
ColumnPtr character_column(Pieces pieces, DataConfig::Encoding encoding, std::uint32_t classes);
// `[steps]`: 1 where a step is there, 0 behind a sample's end.
ColumnPtr mask_column(Pieces pieces);

}  // namespace settle
