#include "graph/node.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "graph/eigen.hpp"

namespace settle {
namespace {

// Elements that stay in the first-level cache while several passes go over them.
constexpr Eigen::Index kBlock = 1024;

// Calls body(from, count, scratch) over consecutive blocks, `scratch` being an array of `count` elements to work in.
template <class Scalar, class Body>
void in_blocks(Eigen::Index size, Body body) {
  Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, kBlock, 1> scratch;
  for (Eigen::Index from = 0; from < size; from += kBlock) {
    const Eigen::Index count = std::min(kBlock, size - from);
    scratch.resize(count);
    body(from, count, scratch);
  }
}

template <class Scalar>
Tensor<Scalar> drawn(const ParameterSpec& spec, std::uint64_t seed) {
  Tensor<Scalar> values(spec.shape);
  std::ranges::transform(initial_values(spec, seed).flat(), values.data(),
                         [](double x) { return static_cast<Scalar>(x); });
  return values;
}

double larger(double a, double b) { return b <= a || std::isnan(a) ? a : b; }

template <class Next, class Now>
void note(Change& change, const Next& next, const Now& now) {
  change.largest = larger(change.largest, largest_magnitude(next - now));
  change.magnitude = larger(change.magnitude, largest_magnitude(next));
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
  std::ranges::fill(feedback_, nullptr);
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
Payload<Scalar> Node<Scalar>::sum_feedback() {
  const Payload<Scalar>* first = nullptr;
  Payload<Scalar> sum;
  for (const Payload<Scalar>& slot : feedback_) {
    if (!slot) continue;
    if (!first) {
      first = &slot;
    } else if (!sum) {
      sum = acquire(&Buffers::sums, slot.shape());
      array(sum.writable()) = array(first->view()) + array(slot.view());
    } else {
      array(sum.writable()) += array(slot.view());
    }
  }
  if (sum) return sum;
  return first ? *first : nullptr;
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
void Node<Scalar>::bound_curvature(std::vector<Slot> moving) {
  std::unique_ptr<Curvature>& curvature = buffers().curvature;
  if (!curvature) curvature = std::make_unique<Curvature>();
  double norm = 0;
  double precise = 0;
  if (vertex_->kind == VertexKind::computed) {
    const bool by_sample = vertex_->shape.batched() && std::ranges::all_of(moving, [&](Slot slot) {
                             return parents_[slot].shape().rank() > 0 && parents_[slot].shape()[0] == batch_;
                           });
    std::vector<ConstView<Scalar>> parents;
    for (const Payload<Scalar>& parent : parents_) parents.push_back(parent.view());
    norm = norm_of_jacobian(*evaluator_, {vertex_->name, std::move(moving), by_sample}, parents, location_.view(),
                            precision_ ? precision_->values.view() : View<Scalar>(), buffers().probed);
    invalidate_root();
    precise = vertex_->precision;
    if (precision_) precise = static_cast<double>(array(std::as_const(precision_->values).view()).maxCoeff());
  }
  curvature->begin(precise * (1 + norm), precise * norm * (1 + norm), feedback_.size());
  buffers().left = nullptr;
}

template <class Scalar>
void Node<Scalar>::follow_parents() {
  if (vertex_->kind != VertexKind::computed) return;
  repredict();
  form_weighted_error();
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
Change Node<Scalar>::blend_weighted_error(Payload<Scalar> sum, double rate) {
  Change change;
  if (rate == 1) {
    assign_weighted_error(std::move(sum));
    return change;
  }
  if (!sum && !xi_) return change;
  invalidate_root();
  const auto take = static_cast<Scalar>(rate);
  const auto keep = static_cast<Scalar>(1 - rate);
  if (!xi_) {
    xi_ = acquire(&Buffers::errors, sum.shape());
    auto xi = array(xi_.writable());
    xi = take * array(sum.view());
    change.largest = change.magnitude = largest_magnitude(xi);
    return change;
  }
  auto xi = array(xi_.writable());
  if (!sum) {
    change.largest = static_cast<double>(take) * largest_magnitude(xi);
    xi *= keep;
    change.magnitude = largest_magnitude(xi);
    return change;
  }
  const auto s = array(sum.view());
  in_blocks<Scalar>(xi.size(), [&](Eigen::Index from, Eigen::Index count, auto& next) {
    next = keep * xi.segment(from, count) + take * s.segment(from, count);
    note(change, next, xi.segment(from, count));
    xi.segment(from, count) = next;
  });
  return change;
}

template <class Scalar>
Change Node<Scalar>::move_value(const Payload<Scalar>& sum, double rate) {
  Change change;
  if (!sum && !xi_) return change;
  const auto step = static_cast<Scalar>(rate);
  Payload<Scalar> moved = acquire(&Buffers::values, value_.shape());
  auto target = array(moved.writable());
  const auto v = array(value_.view());
  in_blocks<Scalar>(v.size(), [&](Eigen::Index from, Eigen::Index count, auto& next) {
    if (!xi_)
      next = array(sum.view()).segment(from, count);
    else if (!sum)
      next = -array(xi_.view()).segment(from, count);
    else
      next = array(sum.view()).segment(from, count) - array(xi_.view()).segment(from, count);
    next = v.segment(from, count) + step * next;
    note(change, next, v.segment(from, count));
    target.segment(from, count) = next;
  });
  value_ = std::move(moved);
  return change;
}

template <class Scalar>
Change Node<Scalar>::move_value_by_curvature(const Payload<Scalar>& sum, std::uint32_t delay, bool answered) {
  Curvature& curvature = *buffers_->curvature;
  const std::optional<Curvature::Pace> pace = curvature.pace(delay);
  if (!pace || pace->rate == 0) return {};
  const Payload<Scalar> start = value_;
  Change change = move_value(sum, pace->rate);
  if (!answered) {
    curvature.note_step(change.largest);
    return change;
  }
  change.largest /= pace->share;
  const Payload<Scalar> before = std::exchange(buffers_->left, start);
  bool turned = false;
  if (before) {
    const auto middle = array(start.view());
    turned = ((array(value_.view()) - middle) * (middle - array(before.view()))).sum() < 0;
  }
  curvature.note_move(change.largest, turned);
  return change;
}

template <class Scalar>
void Node<Scalar>::take_value_as_error() {
  assign_weighted_error(acquire(&Buffers::errors, value_.shape()));
  array(xi_.writable()) = array(value_.view());
}

template <class Scalar>
void Node<Scalar>::take_error_as_value() {
  const Shape shape = value_.shape();
  value_ = xi_;
  if (value_) return;
  value_ = acquire(&Buffers::values, shape);
  array(value_.writable()).setZero();
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
