#include "graph/error_weights.hpp"

#include <cmath>

#include "graph/builder.hpp"
#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/linear.hpp"

namespace settle {
namespace {

// x W^T, whose adjoint of x is the output's as it is. Requires: a square W.
class PassedBy final : public OpKernels<PassedBy> {
 public:
  std::string_view name() const override { return map_->name(); }
  Shape infer(std::span<const Shape> inputs) const override { return map_->infer(inputs); }
  bool adjoint_reads(std::size_t of, std::size_t other) const override { return of == 1 && other == 0; }
  bool passes_adjoint(std::size_t input, std::span<const Shape>) const override { return input == 0; }
  double cost(std::span<const Shape> inputs, const Shape& output) const override { return map_->cost(inputs, output); }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    map_->forward(inputs, output);
  }
  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (call.input == 0)
      store(array(call.result), array(call.adjoint), call.accumulate);
    else
      map_->backward(call);
  }

 private:
  OpPtr map_ = linear_op(false);
};

std::string name_in(const Vertex& vertex) { return vertex.name + ".error_weight"; }

bool has_error_weight(const Vertex& vertex) {
  return std::ranges::any_of(vertex.parameters,
                             [&](const ParameterSpec& spec) { return spec.name == name_in(vertex); });
}

}  // namespace

GraphPtr with_error_weights(const Graph& graph) {
  GraphBuilder builder(graph);
  const OpPtr map = linear_op(false);
  bool any = false;
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (vertex.kind != VertexKind::computed || vertex.childless() || !vertex.energy->relaxable()) continue;
    if (!vertex.shape.batched() || vertex.shape.rank() != 2)
      throw BadConfig("vertex '" + vertex.name + "' has shape " + vertex.shape.to_string() +
                      ": rule.error_weights = learned connects the units of hidden vertices of shape [batch, units]; "
                      "flatten it, or leave the key out");
    any = true;
    const std::int64_t units = vertex.shape[1];
    ParameterSpec weight{
        name_in(vertex), {units, units}, {Initializer::Kind::normal, 1 / std::sqrt(static_cast<double>(units))}};
    Program program = *vertex.program;
    const std::uint32_t reg = program.add_parameter(weight.shape);
    const auto last = static_cast<std::uint32_t>(program.instructions.size() - 1);
    program.instructions.push_back({map, {program.result_register(last), reg}});
    program.shapes.push_back(vertex.shape);
    builder.change_prediction(id, std::move(program), {std::move(weight)});
  }
  if (!any)
    throw BadConfig("no vertex is hidden: leave out rule.error_weights = learned, or give the model a hidden layer");
  return builder.build();
}

GraphPtr without_error_weights_in_feedback(const Graph& graph) {
  GraphBuilder builder(graph);
  const OpPtr passed_by = std::make_shared<const PassedBy>();
  for (VertexId id = 0; id < graph.size(); ++id) {
    if (!has_error_weight(graph[id])) continue;
    Program program = *graph[id].program;
    program.instructions.back().op = passed_by;
    builder.change_prediction(id, std::move(program), {});
  }
  return builder.build();
}

}  // namespace settle
