#include "graph/node.hpp"

#include <cassert>
#include <limits>

#include "graph/eigen.hpp"

namespace settle {
namespace {

template <class Scalar>
Tensor<Scalar> drawn(const ParameterSpec& spec, std::uint64_t seed) {
  Tensor<Scalar> values(spec.shape);
  std::ranges::transform(initial_values(spec, seed).flat(), values.data(),
                         [](double x) { return static_cast<Scalar>(x); });
  return values;
}

}  // namespace

template <class Scalar>
Node<Scalar>::Node(const Graph& graph, VertexId id, std::uint64_t seed, const OptimizerSettings& optimizer)
    : vertex_(&graph[id]), id_(id), parents_(vertex_->parents.size()), feedback_(vertex_->children.size()) {
  if (vertex_->kind == VertexKind::computed) evaluator_.emplace(*vertex_->program);
  if (vertex_->program->precision) precision_ = std::make_unique<ElementwisePrecision>();
  if (vertex_->cyclic())
    first_value_ = std::make_unique<const Tensor<Scalar>>(
        drawn<Scalar>({vertex_->name, vertex_->shape.sample(), *vertex_->first_value}, seed));
  parameters_.reserve(vertex_->parameters.size());
  for (const ParameterSpec& spec : vertex_->parameters)
    parameters_.push_back({drawn<Scalar>(spec, seed), Optimizer<Scalar>(optimizer, spec.shape)});
}

template <class Scalar>
typename Node<Scalar>::Buffers& Node<Scalar>::buffers() {
  if (!buffers_) buffers_ = std::make_unique<Buffers>(parents_.size());
  return *buffers_;
}

template <class Scalar>
void Node<Scalar>::begin_trial(std::int64_t batch, bool clamped) {
  batch_ = batch;
  clamped_ = clamped && vertex_->kind != VertexKind::parameter;
  value_.reset();
  assign_weighted_error(nullptr);
  clear_feedback();
  if (evaluator_) evaluator_->bind(batch);
  if (clamped_ || (vertex_->kind == VertexKind::computed && !vertex_->cyclic())) return;
  value_ = acquire(&Buffers::values, vertex_->shape.with_batch(batch));
  const View<Scalar> start = value_.writable();
  if (vertex_->kind == VertexKind::parameter)
    std::ranges::copy(parameters_[0].values.flat(), start.data);
  else if (vertex_->cyclic())
    for (Scalar* to = start.data; to != start.data + start.size(); to += first_value_->size())
      std::ranges::copy(first_value_->flat(), to);
  else
    array(start).setZero();
}

template <class Scalar>
void Node<Scalar>::set_parent(Slot slot, Payload<Scalar> value) {
  parents_[slot] = std::move(value);
  evaluator_->set_parent(slot, parents_[slot].view());
  stale_ = true;
}

template <class Scalar>
void Node<Scalar>::predict() {
  hand_parameters_over();
  repredict();
  if (clamped_ || vertex_->cyclic())
    form_weighted_error();
  else
    value_ = prediction_;
}

template <class Scalar>
void Node<Scalar>::hand_parameters_over() {
  for (std::uint32_t k = 0; k < parameters_.size(); ++k)
    evaluator_->set_parameter(k, std::as_const(parameters_[k].values).view());
  stale_ = true;
}

template <class Scalar>
void Node<Scalar>::repredict() {
  if (!stale_) return;
  stale_ = false;
  const Shape shape = vertex_->shape.with_batch(batch_);
  // A number stays in its place, where the evaluator may find that it is still right.
  if (!location_ || !location_.is_number() || shape.size() != 1) location_ = acquire(&Buffers::values, shape);
  if (precision_) {
    precision_->values.resize(shape);
    evaluator_->forward(location_.writable(), precision_->values.view());
    const auto p = array(std::as_const(precision_->values).view());
    precise_ = (p > 0 && p <= std::numeric_limits<Scalar>::max()).all();
  } else {
    evaluator_->forward(location_.writable());
  }
  if (vertex_->energy->prediction_is_location()) {
    prediction_ = location_;
  } else {
    prediction_ = acquire(&Buffers::values, shape);
    vertex_->energy->predict(location_.view(), prediction_.writable());
  }
  invalidate_root();
}

template <class Scalar>
void Node<Scalar>::form_weighted_error() {
  assign_weighted_error(nullptr);
  if (!clamped_ && !vertex_->energy->relaxable()) value_ = prediction_;
  if (value_ == prediction_ || !precise_) return;  // one tensor: the error is zero without computing it
  xi_ = acquire(&Buffers::errors, value_.shape());
  vertex_->energy->weighted_error(value_.view(), prediction_.view(), precision(), xi_.writable());
}

template <class Scalar>
void Node<Scalar>::assign_weighted_error(Payload<Scalar> xi) {
  invalidate_root();
  xi_ = std::move(xi);
}

template <class Scalar>
void Node<Scalar>::ensure_root() {
  if (root_set_) return;
  if (buffers_) std::ranges::fill(buffers_->formed, nullptr);
  const ConstView<Scalar> xi = xi_ ? xi_.view() : ConstView<Scalar>();
  if (infers_precision()) {
    Tensor<Scalar>& zeta = precision_->volatility_error;
    zeta.resize(precision_->values.shape());
    vertex_->energy->volatility_error(xi, precision(), zeta.view());
    evaluator_->set_root(xi, std::as_const(zeta).view());
  } else {
    evaluator_->set_root(xi);
  }
  root_set_ = true;
}

template <class Scalar>
Payload<Scalar> Node<Scalar>::feedback(Slot parent) {
  if (!has_root()) return nullptr;
  ensure_root();
  const Shape shape = parents_[parent].shape();
  const bool number = shape.size() == 1;
  if (!number && buffers().formed[parent]) return buffers().formed[parent];
  Payload<Scalar> result = number ? Payload<Scalar>::of(shape) : buffers().feedback[parent].acquire(shape);
  if (!evaluator_->parent_adjoint(parent, result.writable())) return nullptr;
  if (!number) buffers().formed[parent] = result;
  return result;
}

template <class Scalar>
Precision<Scalar> Node<Scalar>::precision() const noexcept {
  if (!precision_) return {.uniform = vertex_->precision};
  return {.each = std::as_const(precision_->values).view(),
          .inferred = vertex_->precision_kind == PrecisionKind::inferred};
}

template <class Scalar>
double Node<Scalar>::energy() const {
  if (vertex_->kind != VertexKind::computed) return 0;
  if (!precise_) return std::numeric_limits<double>::quiet_NaN();
  if (clamped_) return vertex_->energy->energy(value_.view(), location_.view(), precision());
  if (!has_root()) return 0;
  return vertex_->energy->energy_of_error(xi_ ? xi_.view() : ConstView<Scalar>(), precision());
}

template <class Scalar>
void Node<Scalar>::set_parameter(std::size_t k, ConstView<Scalar> values) {
  assert(values.shape == parameters_[k].values.shape());
  std::ranges::copy(values.flat(), parameters_[k].values.data());
}

template class Node<float>;
template class Node<double>;

}  // namespace settle
