#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

#include "graph/error.hpp"
#include "graph/random.hpp"
#include "sim/datasets/characters.hpp"
#include "sim/datasets/columns.hpp"
#include "sim/datasets/held_out.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/labels.hpp"
#include "sim/datasets/word_list.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

// Longer words are a mistaken file: every sample is padded to the longest.
constexpr std::size_t kLongestWord = 4096;

// The words one after another in the order of `order`, as the pieces of one list.
Pieces pieces_of(const WordList& list, std::span<const std::uint32_t> order, std::u32string_view vocabulary) {
  Pieces result;
  std::u32string text;
  for (const std::uint32_t word : order) {
    const std::u32string& characters = list.words[word];
    const auto length = static_cast<std::uint32_t>(characters.size());
    result.pieces.push_back({static_cast<std::uint32_t>(text.size()), length});
    result.steps = std::max(result.steps, length);
    text += characters;
  }
  result.numbers = std::make_shared<const std::vector<std::uint32_t>>(numbered(text, vocabulary));
  return result;
}

}  // namespace

Dataset open_words(const DataConfig& config) {
  Dataset dataset;
  const std::string name = config.path.string();
  const std::vector<std::byte> content = read_file(config.path, "data.path is a file of lines WORD, a tab, LABEL");
  dataset.files.push_back({config.path, sha256_of(content)});
  const WordList list = parse_word_list(content, name);
  const std::size_t longest = std::ranges::max(list.words, {}, &std::u32string::size).size();
  if (longest > kLongestWord)
    throw BadData(name + ": its longest word has " + std::to_string(longest) + " characters, at most " +
                  std::to_string(kLongestWord) + " are read");

  const auto size = static_cast<std::uint32_t>(list.words.size());
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0U);
  RandomStream(config.split_seed, "words", "split").shuffle(order);
  std::u32string all;
  for (const std::u32string& word : list.words) all += word;
  const std::u32string vocabulary = vocabulary_of(all);
  const Pieces pieces = pieces_of(list, order, vocabulary);

  const std::vector<std::int64_t> counted(list.labels.begin(), list.labels.end());
  dataset.classes = count_classes(counted, config.classes, name);
  const Labels by_word = checked_labels(counted, dataset.classes, name);
  auto labels = std::make_shared<std::vector<std::uint32_t>>();
  for (const std::uint32_t word : order) labels->push_back((*by_word)[word]);
  const Split whole(
      {character_column(pieces, config.encoding, static_cast<std::uint32_t>(vocabulary.size())), mask_column(pieces)},
      {std::make_shared<OneHotColumn>(labels, dataset.classes)}, labels, size);
  const std::uint32_t test = held_out(config.test, size, "data.test");
  dataset.train = whole.part(0, size - test);
  dataset.test = whole.part(size - test, test);
  return dataset;
}

}  // namespace settle
