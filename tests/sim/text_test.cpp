// The dataset text: characters in sequences, each step's target the next one.
#include <doctest/doctest.h>

#include <set>

#include "sim/datasets/list.hpp"
#include "sim/datasets/utf8.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/sim/shared_data.hpp"

namespace settle {
namespace {

DataConfig config_of(const std::filesystem::path& file, std::uint32_t steps, double test) {
  DataConfig config;
  config.dataset = "text";
  config.path = file;
  config.steps = steps;
  config.test = test;
  return config;
}

// Of a sample, the number that each row has its 1 at.
std::vector<std::size_t> numbers(const Split& split, bool target, std::uint32_t sample) {
  const Shape& shape = (target ? split.targets() : split.inputs())[0]->sample_shape();
  Tensor<float> out(Shape{1, shape[0], shape[1]});
  const std::vector<std::uint32_t> samples{sample};
  if (target)
    split.read_target(0, samples, out.view());
  else
    split.read_input(0, samples, out.view());
  std::vector<std::size_t> result;
  const auto classes = static_cast<std::size_t>(shape[1]);
  for (std::size_t k = 0; k < out.flat().size(); ++k) {
    if (out.flat()[k] == 1)
      result.push_back(k % classes);
    else
      CHECK(out.flat()[k] == 0);
  }
  return result;
}

}  // namespace

TEST_CASE("a text is cut into sequences whose targets are one character ahead, its end is held out") {
  const Scratch folder;
  put(folder / "t.txt", std::string_view("abcabcabdé dddd"));  // vocabulary: space a b c d é
  const Dataset data = open_dataset(config_of(folder / "t.txt", 3, 5));
  CHECK(data.classes == 6);
  // abcabcabdé to train on: three sequences, the last target is é.
  REQUIRE(data.train.size() == 3);
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{3, 6});
  CHECK(numbers(data.train, false, 0) == std::vector<std::size_t>{1, 2, 3});
  CHECK(numbers(data.train, true, 0) == std::vector<std::size_t>{2, 3, 1});
  CHECK(numbers(data.train, false, 2) == std::vector<std::size_t>{1, 2, 4});
  CHECK(numbers(data.train, true, 2) == std::vector<std::size_t>{2, 4, 5});
  CHECK(data.train.answers() == 3);
  CHECK(std::ranges::equal(data.train.labels(), std::vector<std::uint32_t>{2, 3, 1, 2, 3, 1, 2, 4, 5}));
  REQUIRE(data.test.size() == 1);
  CHECK(numbers(data.test, false, 0) == std::vector<std::size_t>{0, 4, 4});
  CHECK(std::ranges::equal(data.test.labels(), std::vector<std::uint32_t>{4, 4, 4}));
}

TEST_CASE("a text's inputs may be numbers, one a step") {
  const Scratch folder;
  put(folder / "t.txt", std::string_view("cabcab"));
  DataConfig config = config_of(folder / "t.txt", 5, 0);
  config.encoding = DataConfig::Encoding::ids;
  const Dataset data = open_dataset(config);
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{5});
  CHECK(data.test.size() == 0);
  Tensor<double> out(Shape{1, 5});
  data.train.read_input(0, std::vector<std::uint32_t>{0}, out.view());
  CHECK(std::ranges::equal(out.flat(), std::vector<double>{2, 0, 1, 2, 0}));
  CHECK(data.train.targets()[0]->sample_shape() == Shape{5, 3});
}

TEST_CASE("characters of one to four bytes are read and written, and nothing else is UTF-8") {
  const std::string text = "a\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
  const std::u32string characters = decode_utf8(bytes_of(text), "f");
  CHECK(characters == U"a\x7f\x80\u07ff\u0800\ud7ff\uffff\U00010000\U0010ffff");
  CHECK(encode_utf8(characters) == text);
  for (const std::string bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                                "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "\xc3("}) {
    CAPTURE(bad);
    CHECK(thrown_by([&] { decode_utf8(bytes_of("ab" + bad), "f"); }) ==
          "65: f: byte 2 is no UTF-8; convert the file: iconv -t utf-8");
  }
}

TEST_CASE("a text that is missing or too short is refused with the file's name and a remedy") {
  const Scratch folder;
  const std::string name = (folder / "t.txt").string();
  const auto error = [&](const DataConfig& config) { return thrown_by([&] { open_dataset(config); }); };
  CHECK(error(config_of(name, 3, 0)) == "66: " + name + ": no such file; data.path is a file of text, in UTF-8");
  put(name, std::string_view());
  CHECK(error(config_of(name, 3, 0)).starts_with("65: " + name + ": 0 characters to train on hold no sequence of 3"));
  put(name, std::string_view("abc"));
  CHECK(error(config_of(name, 3, 0)) == "65: " + name +
                                            ": 3 characters to train on hold no sequence of 3 and the one behind it: "
                                            "give a longer text or fewer data.steps");
  CHECK(error(config_of(name, 2, 0)) == "nothing");
  CHECK(error(config_of(name, 2, 3)).starts_with("78: data.test: 3 samples of 3 leave none to train on"));
  DataConfig config = config_of(name, 2, 0);
  config.classes = 3;
  CHECK(error(config).starts_with("78: data.classes: "));
}

TEST_CASE("tiny Shakespeare has 65 characters, of which a tenth is held out") {
  const auto file = shared_data("tinyshakespeare.txt");
  if (!file) return;
  const Dataset data = open_dataset(config_of(*file, 50, 0.1));
  CHECK(data.classes == 65);
  CHECK(data.train.size() == (1115394 - 111539 - 1) / 50);
  CHECK(data.test.size() == (111539 - 1) / 50);
  const std::string text = get(*file);
  const std::set<char> vocabulary(text.begin(), text.end());
  std::string again;
  for (std::uint32_t sample = 0; sample < 3; ++sample)
    for (const std::size_t number : numbers(data.train, false, sample))
      again += *std::next(vocabulary.begin(), static_cast<std::ptrdiff_t>(number));
  CHECK(again == text.substr(0, 150));
}

}  // namespace settle
