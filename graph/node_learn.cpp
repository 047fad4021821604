// How a node learns: gradients of its own parameters, or of a parameter vertex, and the step along them.
#include "graph/eigen.hpp"
#include "graph/node.hpp"

namespace settle {

template <class Scalar>
bool Node<Scalar>::learn_from_feedback(double reduction) {
  const Payload<Scalar> sum = sum_feedback();
  Parameter& parameter = parameters_[0];
  gradients_.resize(1);
  gradients_[0].resize(parameter.values.shape());
  if (sum && !array(sum.view()).allFinite()) return false;
  if (sum)
    array(gradients_[0].view()) = static_cast<Scalar>(reduction) * array(sum.view());
  else
    gradients_[0].fill(Scalar(0));
  parameter.optimizer.apply(parameter.values.view(), std::as_const(gradients_[0]).view());
  value_.reset();
  return true;
}

template <class Scalar>
bool Node<Scalar>::learn(double reduction) {
  if (vertex_->kind == VertexKind::parameter) return learn_from_feedback(reduction);
  if (parameters_.empty()) return true;
  if (has_root()) {
    ensure_root();
    evaluator_->prepare_parameters();  // before any parameter moves
  }
  if (parameters_[0].optimizer.plain() && evaluator_->parameters_in_place()) {
    const auto scale = static_cast<Scalar>(reduction * parameters_[0].optimizer.learning_rate());
    for (std::uint32_t k = 0; has_root() && k < parameters_.size(); ++k)
      evaluator_->parameter_adjoint(k, scale, parameters_[k].values.view(), true);
    return true;
  }
  gradients_.resize(parameters_.size());
  for (std::uint32_t k = 0; k < parameters_.size(); ++k) {
    gradients_[k].resize(parameters_[k].values.shape());
    if (!has_root() || !evaluator_->parameter_adjoint(k, static_cast<Scalar>(reduction), gradients_[k].view(), false))
      gradients_[k].fill(Scalar(0));
  }
  for (std::uint32_t k = 0; k < parameters_.size(); ++k)
    parameters_[k].optimizer.apply(parameters_[k].values.view(), std::as_const(gradients_[k]).view());
  return true;
}

template <class Scalar>
bool Node<Scalar>::learn_in_relax(double reduction) {
  if (parameters_.empty() || !precise_) return true;
  if (!learn(reduction)) return false;
  if (vertex_->kind == VertexKind::parameter) {
    value_ = acquire(&Buffers::values, vertex_->shape);
    std::ranges::copy(parameters_[0].values.flat(), value_.writable().data);
  } else {
    hand_parameters_over();
  }
  return true;
}

template <class Scalar>
std::vector<Tensor<Scalar>> Node<Scalar>::read_out() {
  std::vector<Tensor<Scalar>> gradients;
  if (vertex_->kind != VertexKind::computed) {
    const Payload<Scalar> sum = sum_feedback();
    gradients.emplace_back(value_.shape());
    if (sum) array(gradients.back().view()) = -array(sum.view());
    return gradients;
  }
  if (has_root()) ensure_root();
  for (std::uint32_t k = 0; k < parameters_.size(); ++k) {
    gradients.emplace_back(parameters_[k].values.shape());
    if (has_root()) evaluator_->parameter_adjoint(k, Scalar(-1), gradients.back().view(), false);
  }
  return gradients;
}

template class Node<float>;
template class Node<double>;

}  // namespace settle
