// The datasets cifar10 and cifar100: records of bytes, any number of files.
#include <doctest/doctest.h>

#include <cmath>

#include "sim/datasets/list.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/sim/shared_data.hpp"

namespace settle {
namespace {

// A record whose planes are filled with these bytes, its first pixel with 255.
std::string record(const std::string& labels, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  std::string result = labels;
  for (const std::uint8_t plane : {red, green, blue}) result += std::string(1024, static_cast<char>(plane));
  result[labels.size()] = '\xff';
  return result;
}

DataConfig config_of(const std::filesystem::path& folder, const std::string& dataset = "cifar10") {
  DataConfig config;
  config.dataset = dataset;
  config.path = folder;
  return config;
}

std::string opening(const Scratch& folder, const DataConfig& config) {
  std::string error = thrown_by([&] { open_dataset(config); });
  const std::string place = folder.path().string();
  for (std::size_t at = error.find(place); at != std::string::npos; at = error.find(place))
    error.replace(at, place.size(), "DIR");
  return error;
}

std::vector<double> image(const Split& split, std::uint32_t sample) {
  const std::vector<std::uint32_t> samples{sample};
  Tensor<double> out(Shape{1, 3, 32, 32});
  split.read_input(0, samples, out.view());
  return {out.flat().begin(), out.flat().end()};
}

}  // namespace

TEST_CASE("CIFAR-10's files are read in the order of their names, planes and rows as they lie there") {
  const Scratch folder;
  put(folder / "data_batch_2.bin", record("\x07", 3, 4, 5));
  put(folder / "data_batch_1.bin", record(std::string(1, '\0'), 0, 1, 2) + record("\x09", 0, 51, 2));
  put(folder / "test_batch.bin", record("\x01", 0, 0, 102));
  const Dataset data = open_dataset(config_of(folder.path()));
  CHECK(data.classes == 10);
  CHECK(std::ranges::equal(data.train.labels(), std::vector<std::uint32_t>{0, 9, 7}));
  CHECK(std::ranges::equal(data.test.labels(), std::vector<std::uint32_t>{1}));
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{3, 32, 32});
  CHECK(data.files.size() == 3);
  const std::vector<double> second = image(data.train, 1);
  CHECK(second[0] == 1);
  CHECK(second[1] == 0);
  CHECK(second[1024] == 0.2);
  CHECK(second[3071] == 2 / 255.0);
  CHECK(image(data.test, 0)[2048] == 0.4);
}

TEST_CASE("CIFAR's files may be any list of names and patterns, and CIFAR-100 has fine or coarse labels") {
  const Scratch folder;
  put(folder / "b.bin", record("\x13\x63", 1, 2, 3));
  put(folder / "a1.bin", record("\x02\x05", 1, 2, 3));
  put(folder / "a2.bin", record("\x03\x06", 1, 2, 3));
  DataConfig config = config_of(folder.path(), "cifar100");
  config.train_files = "b.bin, a*.bin, a2.bin";
  config.test_files = "a?.bin";
  const Dataset fine = open_dataset(config);
  CHECK(fine.classes == 100);
  CHECK(std::ranges::equal(fine.train.labels(), std::vector<std::uint32_t>{99, 5, 6}));
  CHECK(std::ranges::equal(fine.test.labels(), std::vector<std::uint32_t>{5, 6}));
  config.labels = DataConfig::Labels::coarse;
  const Dataset coarse = open_dataset(config);
  CHECK(coarse.classes == 20);
  CHECK(std::ranges::equal(coarse.train.labels(), std::vector<std::uint32_t>{19, 2, 3}));
}

TEST_CASE("CIFAR's channels are normalised each by its own mean and deviation in the training images") {
  const Scratch folder;
  put(folder / "data_batch_1.bin", record("\x01", 10, 20, 7) + record("\x01", 30, 24, 7));
  put(folder / "test_batch.bin", record("\x01", 0, 26, 8));
  DataConfig config = config_of(folder.path());
  config.normalise = DataConfig::Normalise::channel;
  const Dataset data = open_dataset(config);
  CHECK(image(data.train, 0)[1024] == -1);  // green: mean 22, deviation 2
  CHECK(image(data.train, 1)[2047] == 1);
  CHECK(image(data.test, 0)[1500] == 2);
  CHECK(image(data.train, 0)[2048] == 0);  // blue does not vary: its deviation counts as 1
  CHECK(image(data.test, 0)[3071] == 1);
  double red = 0, squares = 0;
  for (const std::uint32_t sample : {0U, 1U})
    for (std::size_t pixel = 0; pixel < 1024; ++pixel) {
      const double value = image(data.train, sample)[pixel];
      red += value;
      squares += value * value;
    }
  CHECK(std::abs(red) < 1e-9);
  CHECK(squares / 2048 == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("CIFAR files that are missing or damaged are refused with file, byte and remedy") {
  const Scratch folder;
  DataConfig config = config_of(folder.path());
  CHECK(opening(folder, config) ==
        "66: DIR: holds no file 'data_batch_*.bin'; put it there, or say which ones to read: data.train_files = NAME, "
        "PATTERN*");
  put(folder / "data_batch_1.bin", record("\x01", 1, 2, 3) + record("\x0a", 1, 2, 3));
  const std::string remedy =
      "; records of 3073 bytes are read (1 of labels): is it the binary version, and of this set?";
  CHECK(opening(folder, config) ==
        "65: DIR/data_batch_1.bin: byte 3073: the label is 10, it must be from 0 to 9" + remedy);
  put(folder / "data_batch_1.bin", record("\x01", 1, 2, 3) + "\x01rest");
  CHECK(opening(folder, config) == "65: DIR/data_batch_1.bin: the record at byte 3073 is cut off" + remedy);
  put(folder / "data_batch_1.bin", std::string_view());
  CHECK(opening(folder, config) == "65: DIR/data_batch_1.bin: holds no records" + remedy);
  put(folder / "data_batch_1.bin", record("\x01", 1, 2, 3));
  CHECK(opening(folder, config).starts_with("66: DIR: holds no file 'test_batch.bin'"));
  put(folder / "test_batch.bin", record("\x01", 1, 2, 3));
  CHECK(opening(folder, config) == "nothing");
  config.classes = 12;
  CHECK(opening(folder, config) == "78: data.classes: the dataset cifar10 has 10 classes; leave the key out");
  config.classes = 0;
  config.path = folder / "elsewhere";
  CHECK(opening(folder, config) ==
        "66: DIR/elsewhere: No such file or directory; data.path is the folder with the files");
}

TEST_CASE("the CIFAR-10 subset beside the checkout opens with its known sizes and its channels standardised") {
  const auto folder = shared_data("cifar10");
  if (!folder) return;
  DataConfig config = config_of(*folder);
  config.train_files = "cifar10_*_train.bin";
  config.test_files = "cifar10_*_test.bin";
  config.normalise = DataConfig::Normalise::channel;
  const Dataset data = open_dataset(config);
  CHECK(data.train.size() == 8068 + 8000);
  CHECK(data.test.size() == 1017 + 2000);
  std::vector<std::uint32_t> counts(10);
  for (const std::uint32_t label : data.train.labels()) ++counts[label];
  for (const std::uint32_t count : counts) CHECK(count > 1400);
  double sum = 0, squares = 0;
  for (std::uint32_t sample = 0; sample < data.train.size(); sample += 8) {
    const std::vector<double> pixels = image(data.train, sample);
    for (std::size_t k = 1024; k < 2048; ++k) sum += pixels[k], squares += pixels[k] * pixels[k];
  }
  const double count = 1024.0 * ((data.train.size() + 7) / 8);
  CHECK(std::abs(sum / count) < 0.02);
  CHECK(squares / count == doctest::Approx(1).epsilon(0.02));
}

}  // namespace settle
