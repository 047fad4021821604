// The dataset words: labelled words of unequal length, padded, with a mask.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "sim/datasets/list.hpp"
#include "sim/datasets/word_list.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/sim/shared_data.hpp"

namespace settle {
namespace {

DataConfig config_of(const std::filesystem::path& file, double test = 0) {
  DataConfig config;
  config.dataset = "words";
  config.path = file;
  config.test = test;
  return config;
}

std::vector<double> read(const Split& split, std::size_t column, std::uint32_t sample) {
  Tensor<double> out(Shape{1, split.inputs()[column]->sample_shape().size()});
  split.read_input(column, std::vector<std::uint32_t>{sample}, out.view());
  return {out.flat().begin(), out.flat().end()};
}

// The words of a split by their characters' numbers and their mask, with their labels.
std::multiset<std::pair<std::vector<double>, std::uint32_t>> words_of(const Split& split) {
  std::multiset<std::pair<std::vector<double>, std::uint32_t>> words;
  for (std::uint32_t sample = 0; sample < split.size(); ++sample) {
    std::vector<double> word = read(split, 0, sample);
    const std::vector<double> mask = read(split, 1, sample);
    word.insert(word.end(), mask.begin(), mask.end());
    words.emplace(std::move(word), split.labels()[sample]);
  }
  return words;
}

std::string refusal(const std::string& file) {
  return thrown_by([&] { parse_word_list(bytes_of(file), "f"); });
}

}  // namespace

TEST_CASE("words are padded to the longest behind their end, with a mask of the steps that are there") {
  const Scratch folder;
  put(folder / "w.tsv", std::string_view("ab\tY\r\n\nc\tX\nbéa\tY"));  // vocabulary a b c é, classes X Y
  DataConfig config = config_of(folder / "w.tsv");
  config.encoding = DataConfig::Encoding::ids;
  const Dataset data = open_dataset(config);
  CHECK(data.classes == 2);
  CHECK(data.test.size() == 0);
  const std::multiset<std::pair<std::vector<double>, std::uint32_t>> expected{
      {{0, 1, 0, 1, 1, 0}, 1}, {{2, 0, 0, 1, 0, 0}, 0}, {{1, 3, 0, 1, 1, 1}, 1}};
  CHECK(words_of(data.train) == expected);

  config.encoding = DataConfig::Encoding::one_hot;
  const Split train = open_dataset(config).train;
  CHECK(train.inputs()[0]->sample_shape() == Shape{3, 4});
  CHECK(train.inputs()[1]->sample_shape() == Shape{3});
  for (std::uint32_t sample = 0; sample < 3; ++sample) {
    if (train.labels()[sample] != 0) continue;
    CHECK(read(train, 0, sample) == std::vector<double>{0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  }
}

TEST_CASE("which words are held out is drawn by the split's seed, and no word is in both parts") {
  const Scratch folder;
  std::string lines;
  for (char a = 'a'; a <= 'z'; ++a)
    for (char b = 'a'; b <= 'd'; ++b) lines += std::string() + a + b + "\t" + b + "\n";
  put(folder / "w.tsv", lines);
  DataConfig config = config_of(folder / "w.tsv", 0.25);
  config.encoding = DataConfig::Encoding::ids;
  const Dataset data = open_dataset(config);
  CHECK(data.train.size() == 78);
  CHECK(data.test.size() == 26);
  auto all = words_of(data.train);
  const auto test = words_of(data.test);
  for (const auto& word : test) CHECK_FALSE(all.contains(word));
  all.insert(test.begin(), test.end());
  CHECK(std::set(all.begin(), all.end()).size() == 104);
  CHECK(words_of(open_dataset(config).test) == test);
  config.split_seed = 2;
  CHECK(words_of(open_dataset(config).test) != test);
}

TEST_CASE("a line that is no labelled word is refused with its number and the form to write") {
  const std::string remedy = "; write WORD, a tab, LABEL on each line";
  CHECK(refusal("") == "65: f: holds no words" + remedy);
  CHECK(refusal("\n \r\n") == "65: f: holds no words" + remedy);
  CHECK(refusal("a\tA\n\nb B\n") == "65: f:3: there is no tab" + remedy);
  CHECK(refusal("a\tA\tB\n") == "65: f:1: there are two tabs" + remedy);
  CHECK(refusal("a\tA\n \tB") == "65: f:2: there is no word before the tab" + remedy);
  CHECK(refusal("a\t \r\n") == "65: f:1: there is no label behind the tab" + remedy);
  CHECK(refusal("a\xff\tA") == "65: f: byte 1 is no UTF-8; convert the file: iconv -t utf-8");
  const Scratch folder;
  put(folder / "w.tsv", std::string(5000, 'x') + "\tX\n");
  CHECK(thrown_by([&] { open_dataset(config_of(folder / "w.tsv")); }).find("has 5000 characters, at most 4096") !=
        std::string::npos);
}

TEST_CASE("the surnames beside the checkout open with their known sizes") {
  const auto file = shared_data("names.tsv");
  if (!file) return;
  const Dataset data = open_dataset(config_of(*file, 0.1));
  CHECK(data.classes == 18);
  CHECK(data.train.size() == 18045);
  CHECK(data.test.size() == 2005);
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{20, 83});
  std::map<std::uint32_t, int> counts;
  for (const Split& split : {data.train, data.test})
    for (const std::uint32_t label : split.labels()) ++counts[label];
  CHECK(counts.at(0) == 2000);   // Arabic
  CHECK(counts.at(14) == 9384);  // Russian
  CHECK(counts.at(17) == 73);    // Vietnamese
}

}  // namespace settle
