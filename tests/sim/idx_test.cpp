#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "sim/datasets/idx_format.hpp"
#include "sim/datasets/list.hpp"
#include "tests/sim/mnist_files.hpp"

namespace settle {
namespace {

std::string refusal(const std::string& file) {
  return thrown_by([&] { parse_idx(bytes_of(file), "f"); });
}

DataConfig config_of(const Scratch& folder) {
  DataConfig config;
  config.dataset = "idx";
  config.path = folder.path();
  return config;
}

std::string opening(const Scratch& folder, const DataConfig& config) {
  std::string error = thrown_by([&] { open_dataset(config); });
  const std::string place = folder.path().string() + "/";
  for (std::size_t at = error.find(place); at != std::string::npos; at = error.find(place))
    error.erase(at, place.size());
  return error;
}

}  // namespace

TEST_CASE("an idx array reads alike plain, compressed and in several gzip members") {
  const std::string file = idx({2, 1, 3}, std::string("\x00\x01\x02\x03\x04\xff", 6));
  for (const std::string& content : {file, gzip(file), gzip(file.substr(0, 9)) + gzip(file.substr(9))}) {
    const IdxArray array = parse_idx(bytes_of(content), "f");
    CHECK(array.shape == std::vector<std::int64_t>{2, 1, 3});
    CHECK(array.values == std::vector<std::uint8_t>{0, 1, 2, 3, 4, 255});
  }
}

TEST_CASE("a damaged idx file is bad data that says what is wrong") {
  const std::string sound = idx({3}, "abc");
  CHECK(refusal("") == "65: f: cut off in its idx header");
  CHECK(refusal("hello, this is text") == "65: f: no idx file (wrong magic number: it must start with two zero bytes)");
  CHECK(refusal(std::string("\0\0\x0d\x01\0\0\0\x01", 8) + "abcd") ==
        "65: f: wrong magic number: element type 13, only unsigned bytes (8) are read");
  CHECK(refusal(std::string("\0\0\x08\0", 4)) == "65: f: wrong magic number: 0 axes, from 1 to 8 are read");
  CHECK(refusal(sound.substr(0, 7)) == "65: f: cut off in its idx header");
  CHECK(refusal(sound + "d") == "65: f: bytes are left over after the last element");
  CHECK(refusal(gzip(sound + "d")) == "65: f: bytes are left over after the last element");
  CHECK(refusal(gzip(sound.substr(0, sound.size() - 1))) == "65: f: cut off: its extents ask for 3 bytes, 2 are there");
}

TEST_CASE("a gzip file that is cut off anywhere is bad data") {
  const std::string file = gzip(idx({600}, std::string(300, 'x') + std::string(300, 'y')));
  for (std::size_t size = 2; size < file.size(); ++size) {
    CAPTURE(size);
    CHECK(refusal(file.substr(0, size)) == "65: f: the gzip file is cut off; fetch it again");
  }
}

TEST_CASE("a flipped bit behind a gzip file's header is bad data or changes nothing") {
  const std::string sound = idx({600}, std::string(300, 'x') + std::string(300, 'y'));
  const std::string file = gzip(sound);
  for (std::size_t bit = 80; bit < file.size() * 8; ++bit) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    try {
      CHECK(parse_idx(bytes_of(flipped), "f").values == parse_idx(bytes_of(sound), "f").values);
    } catch (const BadData&) {
    }
  }
}

TEST_CASE("an idx header with huge extents is refused before anything is allocated") {
  const std::string huge = std::string("\0\0\x08\x03", 4) + std::string(12, '\xff');
  CHECK(refusal(huge) ==
        "65: f: its extents ask for more than 2^64 bytes, the file cannot hold more than 16 (cut off?)");
  CHECK(refusal(gzip(std::string("\0\0\x08\x01\xff\xff\xff\xff", 8))).find("ask for 4294967295 bytes") !=
        std::string::npos);
}

TEST_CASE("no bytes make the idx reader do more than refuse") {
  CHECK(rc::check("soup", [](const std::vector<std::uint8_t>& soup, bool compressed) {
    const std::string text(soup.begin(), soup.end());
    const std::string file = std::string("\0\0\x08", 3) + text;
    try {
      parse_idx(bytes_of(compressed ? gzip(file) : file), "f");
    } catch (const BadData&) {
    }
  }));
}

TEST_CASE("images read as fractions of 255 and labels as one-hot rows") {
  const Scratch folder;
  put_mnist(folder);
  const Dataset data = open_dataset(config_of(folder));
  CHECK(data.train.size() == 4);
  CHECK(data.test.size() == 2);
  CHECK(data.validation.size() == 0);
  CHECK(data.classes == 3);
  CHECK(data.files.size() == 4);
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{1, 2});
  CHECK(data.train.targets()[0]->sample_shape() == Shape{3});

  const std::vector<std::uint32_t> samples{3, 0};
  Tensor<float> images(Shape{2, 2}), targets(Shape{2, 3});
  data.train.read_input(0, samples, images.view());
  data.train.read_target(0, samples, targets.view());
  CHECK(std::ranges::equal(images.flat(), std::vector<float>{6.0f / 255.0f, 7.0f / 255.0f, 0, 1.0f / 255.0f}));
  CHECK(std::ranges::equal(targets.flat(), std::vector<float>{1, 0, 0, 0, 1, 0}));
  Tensor<double> fine(Shape{2, 2});
  data.train.read_input(0, samples, fine.view());
  CHECK(fine.flat()[0] == 6.0 / 255.0);
  CHECK(std::ranges::equal(data.test.labels(), std::vector<std::uint32_t>{0, 1}));
}

TEST_CASE("normalise = none gives the stored bytes, standard mean 0 and deviation 1 over the training images") {
  const Scratch folder;
  put_mnist(folder);
  DataConfig config = config_of(folder);
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  Tensor<double> images(Shape{4, 2});

  config.normalise = DataConfig::Normalise::none;
  open_dataset(config).train.read_input(0, all, images.view());
  CHECK(std::ranges::equal(images.flat(), std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7}));

  config.normalise = DataConfig::Normalise::standard;
  open_dataset(config).train.read_input(0, all, images.view());
  for (int i = 0; i < 8; ++i)  // 0 .. 7: mean 3.5, variance (8^2 - 1) / 12
    CHECK(images.flat()[static_cast<std::size_t>(i)] == doctest::Approx((i - 3.5) / std::sqrt(5.25)).epsilon(1e-15));
}

TEST_CASE("subset takes the first samples and validation the last of these") {
  const Scratch folder;
  put_mnist(folder);
  DataConfig config = config_of(folder);
  config.normalise = DataConfig::Normalise::none;
  config.subset = 3;
  config.validation = 1;
  const Dataset data = open_dataset(config);
  CHECK(data.train.size() == 2);
  REQUIRE(data.validation.size() == 1);
  CHECK(std::ranges::equal(data.validation.labels(), std::vector<std::uint32_t>{2}));
  const std::vector<std::uint32_t> first{0};
  Tensor<float> image(Shape{1, 2});
  data.validation.read_input(0, first, image.view());
  CHECK(image.flat()[1] == 5.0f);

  config.subset = 0;
  config.validation = 0.5;
  CHECK(open_dataset(config).validation.size() == 2);
  config.validation = 4;
  CHECK(opening(folder, config) ==
        "78: data.validation: 4 samples of 4 leave none to train on; give fewer, or a fraction below 1");
  config.validation = 0;
  config.subset = 5;
  CHECK(opening(folder, config) == "78: data.subset: 5 samples are asked for, only 4 are there");
}

TEST_CASE("a folder without the files of MNIST is a missing input that says which files it needs") {
  const Scratch folder;
  const std::string error = opening(folder, config_of(folder));
  CHECK(error.starts_with("66: train-images-idx3-ubyte.gz: no such file; data.path must hold "));
}

TEST_CASE("Fashion-MNIST that is not there is a missing input that names the package") {
  if (std::filesystem::exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")) {
    MESSAGE("skipped: dataset-fashion-mnist is installed");
    return;
  }
  DataConfig config;
  config.dataset = "fashion-mnist";
  CHECK(thrown_by([&] { open_dataset(config); }).find("apt-get install dataset-fashion-mnist") != std::string::npos);
}

TEST_CASE("files of MNIST that contradict one another are bad data that names them") {
  const Scratch folder;
  put_mnist(folder);
  put(folder / "train-labels-idx1-ubyte", idx({3}, std::string("\1\0\2", 3)));
  CHECK(opening(folder, config_of(folder)) ==
        "65: train-images-idx3-ubyte: holds 4 samples, train-labels-idx1-ubyte holds 3; there must be as many targets "
        "as inputs");
  put_mnist(folder);
  put(folder / "t10k-labels-idx1-ubyte", idx({2}, std::string("\0\3", 2)));
  CHECK(opening(folder, config_of(folder)) ==
        "65: t10k-labels-idx1-ubyte: the label of sample 1 is 3, it must be from 0 to 2");
  DataConfig ten = config_of(folder);
  ten.classes = 10;
  CHECK(open_dataset(ten).train.targets()[0]->sample_shape() == Shape{10});
  ten.classes = 2;
  CHECK(opening(folder, ten) == "65: train-labels-idx1-ubyte: the label of sample 2 is 2, it must be from 0 to 1");
  put_mnist(folder);
  put(folder / "t10k-images-idx3-ubyte", idx({2, 1, 1}, "ab"));
  CHECK(opening(folder, config_of(folder)) ==
        "65: t10k-images-idx3-ubyte: its images are [1, 1], the training images [1, 2]");
  put_mnist(folder);
  put(folder / "train-labels-idx1-ubyte", idx({4, 1}, "abcd"));
  CHECK(opening(folder, config_of(folder)) == "65: train-labels-idx1-ubyte: wrong magic number: 2 axes, labels have 1");
}

TEST_CASE("Debian's Fashion-MNIST opens with its known sizes, labels, mean and deviation") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")) {
    MESSAGE("skipped: dataset-fashion-mnist is not installed");
    return;
  }
  DataConfig config;
  config.dataset = "fashion-mnist";
  const Dataset data = open_dataset(config);
  REQUIRE(data.train.size() == 60000);
  REQUIRE(data.test.size() == 10000);
  CHECK(data.classes == 10);
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{28, 28});
  CHECK(std::ranges::equal(data.train.labels().first(10), std::vector<std::uint32_t>{9, 0, 0, 3, 0, 2, 7, 2, 5, 5}));
  CHECK(std::ranges::equal(data.test.labels().first(10), std::vector<std::uint32_t>{9, 2, 1, 1, 6, 1, 4, 6, 5, 7}));
  // The constants that everybody normalises with: mean 0.2860, standard deviation 0.3530.
  double sum = 0, squares = 0;
  std::vector<std::uint32_t> samples(1000);
  Tensor<float> images(Shape{1000, 784});
  for (std::uint32_t first = 0; first < 60000; first += 1000) {
    for (std::uint32_t i = 0; i < 1000; ++i) samples[i] = first + i;
    data.train.read_input(0, samples, images.view());
    double batch_sum = 0, batch_squares = 0;
    for (const float value : images.flat()) {
      batch_sum += value;
      batch_squares += value * value;
    }
    sum += batch_sum;
    squares += batch_squares;
  }
  const double mean = sum / (60000.0 * 784);
  CHECK(mean == doctest::Approx(0.2860).epsilon(0.0002));
  CHECK(std::sqrt(squares / (60000.0 * 784) - mean * mean) == doctest::Approx(0.3530).epsilon(0.0002));
}

}  // namespace settle
