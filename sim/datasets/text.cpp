#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "graph/error.hpp"
#include "sim/datasets/characters.hpp"
#include "sim/datasets/held_out.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/utf8.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

using Numbers = std::shared_ptr<const std::vector<std::uint32_t>>;

// `count` sequences of `steps` characters, one behind the other from `first` on.
Pieces sequences(const Numbers& numbers, std::uint32_t first, std::uint32_t count, std::uint32_t steps) {
  Pieces result{numbers, {}, steps};
  for (std::uint32_t k = 0; k < count; ++k) result.pieces.push_back({first + k * steps, steps});
  return result;
}

// The characters [first, first + size) of the text; the target of each step is the character behind it.
Split split_of(const Numbers& numbers, std::uint32_t first, std::uint32_t size, std::uint32_t classes,
               const DataConfig& config) {
  const std::uint32_t steps = config.steps;
  const std::uint32_t count = size == 0 ? 0 : (size - 1) / steps;
  const auto next = numbers->begin() + std::min<std::ptrdiff_t>(first + 1, std::ssize(*numbers));
  return Split({character_column(sequences(numbers, first, count, steps), config.encoding, classes)},
               {character_column(sequences(numbers, first + 1, count, steps), DataConfig::Encoding::one_hot, classes)},
               std::make_shared<const std::vector<std::uint32_t>>(next, next + count * steps), count, steps);
}

}  // namespace

Dataset open_text(const DataConfig& config) {
  if (config.classes != 0) throw BadConfig("data.classes: the classes of a text are its characters; leave the key out");
  Dataset dataset;
  const std::string name = config.path.string();
  const std::vector<std::byte> content = read_file(config.path, "data.path is a file of text, in UTF-8");
  if (content.size() > INT32_MAX) throw BadData(name + ": is longer than 2^31 - 1 bytes; give a part of it");
  dataset.files.push_back({config.path, sha256_of(content)});
  const std::u32string text = decode_utf8(content, name);
  const std::u32string vocabulary = vocabulary_of(text);
  const auto numbers = std::make_shared<const std::vector<std::uint32_t>>(numbered(text, vocabulary));
  dataset.classes = static_cast<std::uint32_t>(vocabulary.size());
  dataset.vocabulary = vocabulary;

  const auto size = static_cast<std::uint32_t>(text.size());
  const std::uint32_t test = size == 0 ? 0 : held_out(config.test, size, "data.test");
  dataset.train = split_of(numbers, 0, size - test, dataset.classes, config);
  dataset.test = split_of(numbers, size - test, test, dataset.classes, config);
  if (dataset.train.size() == 0)
    throw BadData(name + ": " + std::to_string(size - test) + " characters to train on hold no sequence of " +
                  std::to_string(config.steps) + " and the one behind it: give a longer text or fewer data.steps");
  return dataset;
}

}  // namespace settle
