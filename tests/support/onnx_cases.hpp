// Purpose: the ONNX cases of tests/data/onnx and ../shared/oracles/gradients: a model, its data and the gradients that
// PyTorch computed. Caller: tests. A test that finds no folder says so and passes. Thread rule: values.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "graph/onnx/importer.hpp"
#include "graph/onnx/reader.hpp"
#include "graph/trial.hpp"
#include "tests/support/npy.hpp"

namespace settle::test {

inline std::filesystem::path shared_oracles() {
  return std::filesystem::path(SETTLE_SOURCE_DIR) / ".." / "shared" / "oracles";
}

inline std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline onnx::Model model_of(const std::filesystem::path& file) {
  const std::string bytes = file_text(file);
  return onnx::parse_model(std::as_bytes(std::span(bytes)), file.string());
}

inline Tensor<double> tensor_of(const std::filesystem::path& npy) {
  const NpyArray array = read_npy(npy.string());
  return {Shape(array.shape), array.values};
}

struct OnnxCase {
  std::string name;
  std::filesystem::path folder;
  onnx::Model model;
  bool xent = false;
  std::map<std::string, Tensor<double>> inputs;

  explicit OnnxCase(const std::filesystem::path& from)
      : name(from.filename().string()), folder(from), model(model_of(from / "model.onnx")) {
    xent = file_text(folder / "case.json").find("\"xent\"") != std::string::npos;
    for (const onnx::TensorInfo& input : model.inputs)
      inputs[input.name] = tensor_of(folder / ("input_" + input.name + ".npy"));
  }

  GraphPtr graph(onnx::Granularity granularity) const {
    onnx::ImportOptions options;
    options.granularity = granularity;
    options.inputs = inputs;
    if (xent) options.output_energy = categorical();
    return onnx::import_model(model, options).graph;
  }
};

// Those kept in tests/data, and the oracles beside the checkout; says so where these are missing.
inline std::vector<OnnxCase> onnx_cases() {
  std::vector<std::filesystem::path> folders;
  const auto take = [&folders](const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) MESSAGE("skipped: there is no " << folder.string());
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) folders.push_back(entry.path());
  };
  take(std::filesystem::path(SETTLE_SOURCE_DIR) / "tests" / "data" / "onnx");
  take(shared_oracles() / "gradients");
  std::ranges::sort(folders);
  std::vector<OnnxCase> cases;
  for (const auto& entry : folders) cases.emplace_back(entry);
  return cases;
}

// All inputs and the output y clamped to the case's data.
template <class Scalar>
class OnnxData final : public ClampSource<Scalar> {
 public:
  OnnxData(const OnnxCase& from, const Graph& graph) : data_(graph.size()) {
    std::vector<VertexId> held(graph.inputs().begin(), graph.inputs().end());
    for (const VertexId id : held) data_[id] = from.inputs.at(graph[id].name);
    held.push_back(graph.outputs().front());
    data_[held.back()] = tensor_of(from.folder / "target.npy");
    trial_.samples.resize(1);
    trial_.clamped = clamp_set(graph, held);
    trial_.learn = LearnMode::read_out;
  }
  const Trial& trial() const { return trial_; }

  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<Scalar>& out) const override {
    std::ranges::transform(data_[vertex].flat(), out.data(), [](double x) { return static_cast<Scalar>(x); });
  }

 private:
  std::vector<Tensor<double>> data_;
  Trial trial_;
};

}  // namespace settle::test
