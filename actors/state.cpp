#include "actors/state.hpp"

#include "graph/error.hpp"

namespace settle {
namespace {

template <class Scalar>
const Tensor<Scalar>* find(const State<Scalar>& state, const std::string& name, const Shape& shape, bool partial) {
  const auto found = state.find(name);
  if (found == state.end()) {
    if (partial) return nullptr;
    throw BadData("the saved state has no '" + name + "'");
  }
  if (found->second.shape() != shape)
    throw BadData("'" + name + "' has shape " + found->second.shape().to_string() + ", the model needs " +
                  shape.to_string());
  return &found->second;
}

}  // namespace

template <class Scalar>
void copy_state(const Vertex& vertex, const State<Scalar>& state, State<Scalar>& part) {
  for (const ParameterSpec& spec : vertex.parameters) {
    if (const auto values = state.find(spec.name); values != state.end()) part.insert(*values);
    const std::string moments = spec.name + "/";
    for (auto it = state.lower_bound(moments); it != state.end() && it->first.starts_with(moments); ++it)
      part.insert(*it);
  }
}

template <class Scalar>
void save_state(const Node<Scalar>& node, State<Scalar>& state) {
  for (std::size_t k = 0; k < node.parameter_count(); ++k) {
    const std::string& name = node.parameter_spec(k).name;
    const Optimizer<Scalar>& optimizer = node.optimizer(k);
    state[name] = node.parameter(k);
    for (const auto& moment : optimizer.moments()) state[name + "/" + moment.name] = moment.tensor;
    if (optimizer.moments().empty()) continue;
    Tensor<Scalar> steps(Shape{});
    steps.fill(static_cast<Scalar>(optimizer.steps()));
    state[name + "/steps"] = std::move(steps);
  }
}

template <class Scalar>
void load_state(Node<Scalar>& node, const State<Scalar>& state, bool partial) {
  for (std::size_t k = 0; k < node.parameter_count(); ++k) {
    const std::string& name = node.parameter_spec(k).name;
    Optimizer<Scalar>& optimizer = node.optimizer(k);
    const Shape& shape = node.parameter_spec(k).shape;
    if (const auto* values = find(state, name, shape, partial)) node.set_parameter(k, values->view());
    for (auto& moment : optimizer.moments())
      if (const auto* values = find(state, name + "/" + moment.name, shape, partial)) moment.tensor = *values;
    if (optimizer.moments().empty()) continue;
    if (const auto* steps = find(state, name + "/steps", Shape{}, partial))
      optimizer.set_steps(static_cast<std::uint64_t>(steps->data()[0]));
  }
}

template void copy_state(const Vertex&, const State<float>&, State<float>&);
template void copy_state(const Vertex&, const State<double>&, State<double>&);
template void save_state<float>(const Node<float>&, State<float>&);
template void save_state<double>(const Node<double>&, State<double>&);
template void load_state<float>(Node<float>&, const State<float>&, bool);
template void load_state<double>(Node<double>&, const State<double>&, bool);

}  // namespace settle
