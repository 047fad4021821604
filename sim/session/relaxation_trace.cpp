#include "sim/session/relaxation_trace.hpp"

#include <cmath>

#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

using key_types::spelling;

// The root mean square over the batch of |v - v^| = |xi / precision|.
template <class Scalar>
double error_norm(const Node<Scalar>& node, std::int64_t batch) {
  const Tensor<Scalar> xi = observe_node(node, Quantity::weighted_error);
  const Tensor<Scalar> precision = observe_node(node, Quantity::precision);
  double squares = 0;
  for (std::size_t i = 0; i < xi.flat().size(); ++i)
    squares += std::pow(static_cast<double>(xi.flat()[i]) / static_cast<double>(precision.flat()[i]), 2);
  return std::sqrt(squares / static_cast<double>(batch));
}

}  // namespace

template <class Scalar>
void RelaxationTrace<Scalar>::sample(const RelaxationSample<Scalar>& sample) {
  if (samples_ % stride_ == 0 && rows_.size() + 1 >= kMostRows) {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < rows_.size(); i += 2) kept.push_back(std::move(rows_[i]));
    rows_ = std::move(kept);
    stride_ *= 2;
  }
  const bool due = samples_++ % stride_ == 0;
  const bool is_known = options_.last_step != ~std::uint64_t{0};
  newest_.clear();
  if (due)
    rows_.push_back(row(sample));
  else if (!is_known || sample.step() == options_.last_step)
    newest_ = row(sample);
}

template <class Scalar>
std::string RelaxationTrace<Scalar>::row(const RelaxationSample<Scalar>& sample) {
  const Graph& graph = sample.graph();
  double free_energy = 0;
  for (VertexId id = 0; id < graph.size(); ++id) free_energy += sample.node(id).energy();
  std::string text =
      std::to_string(sample.step()) + "," + std::to_string(sample.tick()) + "," + spelling(free_energy) + ",";
  if (options_.backprop)
    text +=
        spelling(relative_error(graph, full_gradients(executor_.read_out_now(), options_.problem), *options_.backprop));
  text += "," + std::to_string(sample.messages());
  if (options_.closed_form) text += "," + spelling(options_.closed_form(sample.step()));
  for (VertexId id = 0; id < graph.size(); ++id)
    if (graph[id].kind == VertexKind::computed)
      text += "," + spelling(error_norm(sample.node(id), options_.problem.trial->batch()));
  return text + "\n";
}

template <class Scalar>
std::string RelaxationTrace<Scalar>::csv() const {
  std::string text = "step,tick,free_energy,gradient_error,messages";
  if (options_.closed_form) text += ",gradient_error_closed_form";
  for (const Vertex& vertex : executor_.graph().vertices())
    if (vertex.kind == VertexKind::computed) text += "," + csv_field("error:" + vertex.name);
  text += "\n";
  for (const std::string& row : rows_) text += row;
  return text + newest_;
}

template class RelaxationTrace<float>;
template class RelaxationTrace<double>;

}  // namespace settle
