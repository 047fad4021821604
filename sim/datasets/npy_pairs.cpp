#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "graph/error.hpp"
#include "sim/datasets/columns.hpp"
#include "sim/datasets/kinds.hpp"
#include "sim/datasets/labels.hpp"
#include "sim/npy.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

constexpr const char* kRemedy =
    "data.path must hold x_train.npy and y_train.npy (and may hold x_test.npy and y_test.npy)";

NpyArray read_array(const std::filesystem::path& path, Dataset& dataset) {
  const std::vector<std::byte> content = read_file(path, kRemedy);
  dataset.files.push_back({path, sha256_of(content)});
  NpyArray array = parse_npy(content, path.string());
  if (array.shape.empty()) throw BadData(array.name + ": holds a single number; its first axis must count samples");
  return array;
}

struct Pair {
  NpyArray inputs;
  NpyArray targets;
};

Pair read_pair(const std::filesystem::path& folder, const std::string& role, Dataset& dataset) {
  Pair pair{read_array(folder / ("x_" + role + ".npy"), dataset), read_array(folder / ("y_" + role + ".npy"), dataset)};
  agreed_size(pair.inputs.shape[0], pair.inputs.name, pair.targets.shape[0], pair.targets.name);
  return pair;
}

bool holds_classes(const NpyArray& targets) { return targets.is_integer() && targets.shape.size() == 1; }

Shape sample_shape(const NpyArray& array) {
  try {
    return Shape(std::span<const std::int64_t>(array.shape).subspan(1));
  } catch (const Error& error) {
    throw BadData(array.name + ": " + error.what());
  }
}

std::vector<std::uint8_t> bytes_of(const NpyArray& array) {
  std::vector<std::uint8_t> values(array.bytes.size());
  if (!values.empty()) std::memcpy(values.data(), array.bytes.data(), values.size());
  return values;
}

// Found on the training inputs.
Normalisations normalisations_of(const NpyArray& inputs, DataConfig::Normalise wanted) {
  const Shape sample = sample_shape(inputs);
  if (inputs.type == NpyType::u1) return normalisations<std::uint8_t>(bytes_of(inputs), sample, wanted, inputs.name);
  using Normalise = DataConfig::Normalise;
  const bool asked = wanted == Normalise::standard || wanted == Normalise::channel;
  const Tensor<double> values = asked ? inputs.to<double>() : Tensor<double>();
  return normalisations<double>(values.flat(), sample, wanted, inputs.name);
}

// The smallest column that holds every value exactly (64-bit integers: up to 2^53).
ColumnPtr column_of(const NpyArray& array, const Normalisations& channels) {
  const Shape shape = sample_shape(array);
  if (array.type == NpyType::u1) return std::make_shared<ByteColumn>(shape, bytes_of(array), channels);
  if (array.type == NpyType::f4 || size_of(array.type) <= 2)
    return std::make_shared<RealColumn<float>>(shape, array.to<float>(), channels);
  return std::make_shared<RealColumn<double>>(shape, array.to<double>(), channels);
}

Split split_of(const Pair& pair, std::uint32_t classes, const Normalisations& channels) {
  ColumnPtr inputs = column_of(pair.inputs, channels);
  if (classes > 0)
    return labelled_split(std::move(inputs), checked_labels(pair.targets.integers(), classes, pair.targets.name),
                          classes);
  return Split({std::move(inputs)}, {column_of(pair.targets, {Normalisation{}})}, nullptr,
               static_cast<std::uint32_t>(pair.inputs.shape[0]));
}

void check_alike(const NpyArray& train, const NpyArray& test) {
  if (sample_shape(train) != sample_shape(test))
    throw BadData(test.name + ": a sample is " + sample_shape(test).to_string() + ", in " + train.name + " it is " +
                  sample_shape(train).to_string());
}

}  // namespace

Dataset open_npy_pairs(const DataConfig& config) {
  Dataset dataset;
  const Pair train = read_pair(config.path, "train", dataset);
  if (holds_classes(train.targets))
    dataset.classes = count_classes(train.targets.integers(), config.classes, train.targets.name);
  else if (config.classes > 0)
    throw BadConfig("data.classes: " + train.targets.name + " holds target values, no classes (integers, one axis)");
  const Normalisations channels = normalisations_of(train.inputs, config.normalise);
  dataset.train = split_of(train, dataset.classes, channels);

  const bool has_inputs = std::filesystem::exists(config.path / "x_test.npy");
  const bool has_targets = std::filesystem::exists(config.path / "y_test.npy");
  if (!has_inputs && !has_targets) return dataset;
  const Pair test = read_pair(config.path, "test", dataset);
  check_alike(train.inputs, test.inputs);
  check_alike(train.targets, test.targets);
  if (holds_classes(test.targets) != holds_classes(train.targets))
    throw BadData(test.targets.name + ": holds " + std::string(name_of(test.targets.type)) + ", " + train.targets.name +
                  " holds " + std::string(name_of(train.targets.type)) +
                  "; both must be classes (integers) or both target values");
  dataset.test = split_of(test, dataset.classes, channels);
  return dataset;
}

}  // namespace settle
