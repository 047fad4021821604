// Purpose: one gradient problem in a folder: a model's inputs, target and parameters as numpy arrays.
//   (in file names, / and % of a NAME are %2F and %25)
//   case.json         {"loss": "mse" | "xent" | "bce"}; sums, no means:
//                       mse    L = 1/2 sum (y - target)^2
//                       xent   L = - sum target * log softmax(y)
//                       bce    L = - sum target * log sigmoid(y) + (1 - target) * log (1 - sigmoid(y))
//   input_NAME.npy    for every input vertex, `[batch, ...]`, or one sample without the batch axis
//   target.npy        for the output
//   param_NAME.npy    a parameter's values; one that has no file keeps those of graph.parameters, or its seeded ones
// All inputs and the output are clamped to these. The loss must be the output's energy: mse where it is normal with
// precision 1, xent where it is categorical, bce where it is bernoulli. Callers: `settle gradient`. Thread rule:
// immutable once made. Errors: MissingInput and BadData naming the file; BadConfig where loss and model do not fit.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graph/trial.hpp"
#include "sim/config/run_config.hpp"
#include "sim/gradients.hpp"

namespace settle {

// The model, fitted to the case where it is an ONNX file: the inputs' arrays give shapes, and values of what is no
// vertex, and the loss the energy of its output. Errors: as load_model and GradientCase.
GraphPtr load_case_model(const GraphConfig& config, const std::filesystem::path& folder);

template <class Scalar>
class GradientCase final : public ClampSource<Scalar> {
 public:
  // `parameters`: of those that have no file in the folder.
  GradientCase(GraphPtr graph, const std::filesystem::path& folder, State<Scalar> parameters = {});

  const GraphPtr& graph() const noexcept { return graph_; }
  std::int64_t batch() const noexcept { return batch_; }
  // The extents of an input's file.
  const Shape& file_shape(VertexId input) const { return file_shapes_[input]; }

  // One trial on the whole case that reads gradients out. Requires: settings name the case as their source.
  GradientProblem<Scalar> problem() const;
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override;

 private:
  void load_data(VertexId vertex, const std::filesystem::path& file);
  void load_parameters(const std::filesystem::path& folder);

  GraphPtr graph_;
  std::vector<Tensor<Scalar>> data_;  // by VertexId; empty where nothing is clamped
  std::vector<Shape> file_shapes_;    // by VertexId
  State<Scalar> parameters_;
  std::int64_t batch_ = 0;  // 0: no batched array yet
};

}  // namespace settle
