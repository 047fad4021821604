#include <doctest/doctest.h>

#include <cmath>

#include "sim/datasets/list.hpp"
#include "sim/npy.hpp"
#include "tests/sim/npy_files.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

template <class Scalar>
void put_npy(const std::filesystem::path& path, const Shape& shape, const std::vector<Scalar>& values) {
  const Tensor<Scalar> tensor(shape, values);
  write_npy(path, tensor.view());
}

DataConfig npy_config(const Scratch& folder) {
  DataConfig config;
  config.dataset = "npy";
  config.path = folder.path();
  return config;
}

DataConfig table_config(const std::string& rows) {
  DataConfig config;
  config.dataset = "table";
  config.rows = rows;
  return config;
}

std::vector<double> read(const Split& split, bool target, std::vector<std::uint32_t> samples) {
  const auto columns = target ? split.targets() : split.inputs();
  Tensor<double> out(Shape{static_cast<std::int64_t>(samples.size()), columns[0]->sample_shape().size()});
  if (target)
    split.read_target(0, samples, out.view());
  else
    split.read_input(0, samples, out.view());
  return {out.flat().begin(), out.flat().end()};
}

}  // namespace

TEST_CASE("npy pairs with integer labels are a classification") {
  const Scratch folder;
  put_npy<float>(folder / "x_train.npy", Shape{3, 2}, {1, 2, 3, 4, 5, 6});
  put_integers(folder / "y_train.npy", "<i4", "(3,)", std::string("\0\0\0\0\2\0\0\0\1\0\0\0", 12));
  const Dataset data = open_dataset(npy_config(folder));
  CHECK(data.classes == 3);
  CHECK(data.test.size() == 0);
  CHECK(read(data.train, false, {2, 0}) == std::vector<double>{5, 6, 1, 2});
  CHECK(read(data.train, true, {1}) == std::vector<double>{0, 0, 1});
  CHECK(std::ranges::equal(data.train.labels(), std::vector<std::uint32_t>{0, 2, 1}));
}

TEST_CASE("npy pairs with real targets are a regression, in the precision of the file") {
  const Scratch folder;
  put_npy<double>(folder / "x_train.npy", Shape{2}, {0.1, 0.2});
  put_npy<double>(folder / "y_train.npy", Shape{2, 1}, {1.0 / 3, 2.0 / 3});
  put_npy<double>(folder / "x_test.npy", Shape{1}, {0.3});
  put_npy<double>(folder / "y_test.npy", Shape{1, 1}, {0.7});
  const Dataset data = open_dataset(npy_config(folder));
  CHECK(data.classes == 0);
  CHECK(data.train.labels().empty());
  CHECK(data.train.inputs()[0]->sample_shape() == Shape{});
  CHECK(read(data.train, true, {0, 1}) == std::vector<double>{1.0 / 3, 2.0 / 3});
  CHECK(read(data.test, false, {0}) == std::vector<double>{0.3});
  CHECK(data.files.size() == 4);
}

TEST_CASE("8-bit npy inputs are divided by 255 unless the config says otherwise") {
  const Scratch folder;
  put_integers(folder / "x_train.npy", "|u1", "(2, 2)", std::string("\0\xff\1\2", 4));
  put_integers(folder / "y_train.npy", "|u1", "(2,)", std::string("\0\1", 2));
  DataConfig config = npy_config(folder);
  CHECK(read(open_dataset(config).train, false, {0, 1}) == std::vector<double>{0, 1, 1 / 255.0, 2 / 255.0});
  config.normalise = DataConfig::Normalise::none;
  CHECK(read(open_dataset(config).train, false, {0, 1}) == std::vector<double>{0, 255, 1, 2});
}

TEST_CASE("standard normalisation of npy inputs uses the training inputs for both splits") {
  const Scratch folder;
  put_npy<float>(folder / "x_train.npy", Shape{2, 1}, {1, 3});
  put_npy<float>(folder / "y_train.npy", Shape{2, 1}, {0, 0});
  put_npy<float>(folder / "x_test.npy", Shape{1, 1}, {5});
  put_npy<float>(folder / "y_test.npy", Shape{1, 1}, {0});
  DataConfig config = npy_config(folder);
  config.normalise = DataConfig::Normalise::standard;
  const Dataset data = open_dataset(config);
  CHECK(read(data.train, false, {0, 1}) == std::vector<double>{-1, 1});
  CHECK(read(data.test, false, {0}) == std::vector<double>{3});
}

TEST_CASE("normalisation by channel is for samples with a channel axis, each channel by its own values") {
  const Scratch folder;
  put_npy<float>(folder / "x_train.npy", Shape{2, 2, 1, 1}, {1, 10, 3, 30});
  put_npy<float>(folder / "y_train.npy", Shape{2, 1}, {0, 0});
  DataConfig config = npy_config(folder);
  config.normalise = DataConfig::Normalise::channel;
  CHECK(read(open_dataset(config).train, false, {1, 0}) == std::vector<double>{1, 1, -1, -1});
  put_npy<float>(folder / "x_train.npy", Shape{2, 2}, {1, 10, 3, 30});
  CHECK(thrown_by([&] { open_dataset(config); }) ==
        "78: data.normalise: channel is for samples of three axes or more, channels first; those of " +
            (folder / "x_train.npy").string() + " are [2]: give standard");
}

TEST_CASE("npy pairs that do not fit together are refused with the file's name") {
  const Scratch folder;
  const DataConfig config = npy_config(folder);
  const auto error = [&](const DataConfig& wanted) { return thrown_by([&] { open_dataset(wanted); }); };
  CHECK(error(config).find("x_train.npy: no such file; data.path must hold x_train.npy") != std::string::npos);
  put_npy<float>(folder / "x_train.npy", Shape{2, 3}, {1, 2, 3, 4, 5, 6});
  put_npy<float>(folder / "y_train.npy", Shape{3, 1}, {1, 2, 3});
  CHECK(error(config).find("holds 2 samples") != std::string::npos);
  put_npy<float>(folder / "y_train.npy", Shape{2, 1}, {1, 2});
  put_npy<float>(folder / "x_test.npy", Shape{1, 2}, {1, 2});
  CHECK(error(config).find("y_test.npy: no such file") != std::string::npos);
  put_npy<float>(folder / "y_test.npy", Shape{1, 1}, {1});
  CHECK(error(config).find("x_test.npy: a sample is [2], in ") != std::string::npos);
  DataConfig unit = config;
  unit.normalise = DataConfig::Normalise::unit;
  CHECK(error(unit).starts_with("78: data.normalise: unit divides 8-bit inputs by 255"));
  DataConfig classes = config;
  classes.classes = 2;
  CHECK(error(classes).starts_with("78: data.classes: "));
  put_npy<float>(folder / "x_train.npy", Shape{}, {1});
  CHECK(error(config).find("its first axis must count samples") != std::string::npos);
}

TEST_CASE("an npy label below 0 is refused with file and sample") {
  const Scratch folder;
  put_npy<float>(folder / "x_train.npy", Shape{2, 1}, {1, 2});
  put_integers(folder / "y_train.npy", "|i1", "(2,)", std::string("\0\xff", 2));
  CHECK(thrown_by([&] { open_dataset(npy_config(folder)); }).find("y_train.npy: the label of sample 1 is -1") !=
        std::string::npos);
}

TEST_CASE("a table holds the rows that the config writes out, for training and test alike") {
  const Dataset data = open_dataset(table_config("0 0 : 0 ; 0 1 : 1 ; 1,0 : 1 ; 1 1 : -2.5e-1"));
  CHECK(data.train.size() == 4);
  CHECK(data.test.size() == 4);
  CHECK(read(data.train, false, {2, 3}) == std::vector<double>{1, 0, 1, 1});
  CHECK(read(data.test, true, {3, 1}) == std::vector<double>{-0.25, 1});
  CHECK(open_dataset(table_config("5 : 1")).train.size() == 1);
}

TEST_CASE("a table that cannot be read names the row and what is wrong") {
  const auto error = [](const std::string& rows) {
    const std::string text = thrown_by([&] { open_dataset(table_config(rows)); });
    return text.substr(0, text.find("; write"));
  };
  CHECK(error("") == "78: data.rows: no rows");
  CHECK(error("1 : 1 ; 2") == "78: data.rows: row 2: one ':' must stand between inputs and targets");
  CHECK(error("1 : 1 : 1") == "78: data.rows: row 1: one ':' must stand between inputs and targets");
  CHECK(error("1 : ; 1 : 1") == "78: data.rows: row 1: inputs or targets are missing");
  CHECK(error("1 one : 1") == "78: data.rows: row 1: 'one' is not a number");
  CHECK(error("1 nan : 1") == "78: data.rows: row 1: 'nan' is not a number");
  CHECK(error("1 2 : 1 ; 1 : 1") == "78: data.rows: row 2: 1 inputs and 1 targets, the first row has 2 and 1");
}

}  // namespace settle
