// How a node moves in relax: its error, its value, and the rates that its curvature bears.
#include <cmath>

#include "graph/eigen.hpp"
#include "graph/node.hpp"

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

double larger(double a, double b) { return b <= a || std::isnan(a) ? a : b; }

template <class Next, class Now>
void note(Change& change, const Next& next, const Now& now) {
  change.largest = larger(change.largest, largest_magnitude(next - now));
  change.magnitude = larger(change.magnitude, largest_magnitude(next));
}

}  // namespace

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

template class Node<float>;
template class Node<double>;

}  // namespace settle
