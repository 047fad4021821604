// Gradients of imported models against PyTorch's, and fixed prediction against our own backprop.
#include <doctest/doctest.h>

#include <cstring>

#include "graph/reference.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/onnx_cases.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr onnx::Granularity kGranularities[] = {onnx::Granularity::op, onnx::Granularity::layer,
                                                onnx::Granularity::all};

template <class Scalar>
std::map<std::string, Tensor<Scalar>> gradients_of(Reference<Scalar>& reference) {
  reference.collect_leaf_feedback(true);
  std::map<std::string, Tensor<Scalar>> gradients;
  for (VertexId id = 0; id < reference.graph().size(); ++id) {
    Node<Scalar>& node = reference.node(id);
    const Vertex& vertex = node.vertex();
    if (vertex.kind == VertexKind::computed && vertex.parameters.empty()) continue;
    std::vector<Tensor<Scalar>> read = node.read_out();
    if (vertex.kind == VertexKind::input) {
      gradients["gradin_" + vertex.name] = std::move(read[0]);
      continue;
    }
    for (std::size_t k = 0; k < read.size(); ++k) gradients["grad_" + vertex.parameters[k].name] = std::move(read[k]);
  }
  return gradients;
}

template <class Scalar>
void check_case(const OnnxCase& oracle, onnx::Granularity granularity, const std::string& suffix, double tolerance) {
  const GraphPtr graph = oracle.graph(granularity);
  Reference<Scalar> reference(graph, 0, {});
  const OnnxData<Scalar> data(oracle, *graph);
  reference.predict(data.trial(), data);
  reference.backprop();
  const auto gradients = gradients_of(reference);
  std::size_t stored = 0;
  for (const auto& entry : std::filesystem::directory_iterator(oracle.folder)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with("grad") || !file.ends_with(suffix)) continue;
    ++stored;
    const std::string name = file.substr(0, file.size() - suffix.size());
    CAPTURE(name);
    REQUIRE(gradients.contains(name));
    const NpyArray expected = read_npy(entry.path().string());
    CHECK(gradients.at(name).shape() == Shape(expected.shape));
    Distance distance;
    distance.add(gradients.at(name).flat(), std::span<const double>(expected.values));
    CHECK(distance.relative() < tolerance);
  }
  CHECK(stored == gradients.size());

  const VertexId output = graph->outputs().front();
  std::uint32_t longest = 0;
  for (const Vertex& vertex : graph->vertices()) longest = std::max(longest, vertex.depth);
  Reference<Scalar> relaxed(graph, 0, {});
  relaxed.predict(data.trial(), data);
  relaxed.relax(*fixed_prediction<Scalar>(1), longest);
  const auto found = gradients_of(relaxed);
  for (const auto& [name, gradient] : gradients) {
    CAPTURE(name);
    CHECK(std::ranges::equal(found.at(name).flat(), gradient.flat()));
  }
  CHECK(graph->find((*graph)[output].name) == output);
}

}  // namespace

TEST_CASE(
    "gradients of ONNX models are PyTorch's in both precisions and at every granularity, and fixed prediction's") {
  for (const OnnxCase& oracle : onnx_cases()) {
    CAPTURE(oracle.name);
    for (const onnx::Granularity granularity : kGranularities) {
      CAPTURE(static_cast<int>(granularity));
      CHECK_NOTHROW(check_case<double>(oracle, granularity, "_f64.npy", 1e-10));
      CHECK_NOTHROW(check_case<float>(oracle, granularity, "_f32.npy", 1e-5));
    }
  }
}
