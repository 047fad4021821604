// How a node moves in relax: its error, its value, and the rates that its curvature bears.
#include <algorithm>
#include <type_traits>

#include "graph/eigen.hpp"
#include "graph/node.hpp"
#include "graph/packets.hpp"

namespace settle {
namespace {

// The largest magnitude of what it is shown, packets and single scalars; NaN as largest_magnitude of graph/eigen.hpp
// says.
template <class Scalar>
class Largest {
 public:
  template <class P>
  void see(const P& seen) {
    using namespace Eigen::internal;
    const auto take = [&](P& magnitude, P& nothing) {
      magnitude = pmax(magnitude, pabs(seen));
      nothing = padd(nothing, psub(seen, seen));
    };
    if constexpr (std::is_same_v<P, Scalar>)
      take(magnitude_, nothing_);
    else
      take(magnitudes_, nothings_);
  }
  double value() const {
    using namespace Eigen::internal;
    return static_cast<double>(std::max(magnitude_, predux_max(magnitudes_)) + (nothing_ + predux(nothings_)));
  }

 private:
  Packet<Scalar> magnitudes_ = Eigen::internal::pset1<Packet<Scalar>>(0);
  Packet<Scalar> nothings_ = magnitudes_;  // 0, NaN once one was not finite
  Scalar magnitude_ = 0;
  Scalar nothing_ = 0;
};

// target = next, in one pass with how far that is from what was there: next.operator()<P>(i) and now.operator()<P>(i)
// are the packets that begin with element i. `target` may be what they read.
template <class Scalar, class Now, class Next>
Change write_next(View<Scalar> target, const Now& now, const Next& next) {
  using namespace Eigen::internal;
  Largest<Scalar> step, magnitude;
  for_each_packet<Scalar>(target.size(), [&]<class P>(std::int64_t i) {
    const P written = next.template operator()<P>(i);
    step.see(psub(written, now.template operator()<P>(i)));
    magnitude.see(written);
    pstoreu(target.data + i, written);
  });
  return {step.value(), magnitude.value()};
}

// Packets of a tensor, of zeros where there is none.
template <class Scalar>
auto packets_of(const Payload<Scalar>& tensor) {
  return [data = tensor ? tensor.data() : nullptr]<class P>(std::int64_t i) {
    return data ? Eigen::internal::ploadu<P>(data + i) : Eigen::internal::pset1<P>(0);
  };
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

// S, a packet at a time: the slots that hold something, in their order. Zero where none does. A thread has one at a
// time.
template <class Scalar>
class Node<Scalar>::FeedbackSum {
 public:
  explicit FeedbackSum(const std::vector<Payload<Scalar>>& slots) {
    thread_local std::vector<const Payload<Scalar>*> memory;
    memory.clear();
    for (const Payload<Scalar>& slot : slots)
      if (slot) memory.push_back(&slot);
    terms_ = memory;
  }
  std::span<const Payload<Scalar>* const> terms() const { return terms_; }

  template <class P>
  P operator()(std::int64_t i) const {
    using namespace Eigen::internal;
    if (terms_.empty()) return pset1<P>(0);
    P sum = ploadu<P>(terms_[0]->data() + i);
    for (std::size_t k = 1; k < terms_.size(); ++k) sum = padd(sum, ploadu<P>(terms_[k]->data() + i));
    return sum;
  }

 private:
  std::span<const Payload<Scalar>* const> terms_;
};

template <class Scalar>
Payload<Scalar> Node<Scalar>::sum_feedback() {
  const FeedbackSum s(feedback_);
  if (s.terms().empty()) return nullptr;
  if (s.terms().size() == 1) return *s.terms()[0];
  Payload<Scalar> sum = acquire(&Buffers::sums, s.terms()[0]->shape());
  Scalar* const to = sum.writable().data;
  for_each_packet<Scalar>(
      sum.size(), [&]<class P>(std::int64_t i) { Eigen::internal::pstoreu(to + i, s.template operator()<P>(i)); });
  return sum;
}

template <class Scalar>
Change Node<Scalar>::blend_weighted_error(double rate) {
  if (rate == 1) {
    assign_weighted_error(sum_feedback());
    return {};
  }
  const FeedbackSum s(feedback_);
  if (s.terms().empty() && !xi_) return {};
  invalidate_root();
  const auto now = packets_of(xi_);
  if (!xi_) xi_ = acquire(&Buffers::errors, s.terms()[0]->shape());
  return write_next(xi_.writable(), now, [&]<class P>(std::int64_t i) {
    using namespace Eigen::internal;
    const P xi = now.template operator()<P>(i);
    return multiply_add(pset1<P>(static_cast<Scalar>(rate)), psub(s.template operator()<P>(i), xi), xi);
  });
}

template <class Scalar>
Change Node<Scalar>::move_value(double rate) {
  const FeedbackSum s(feedback_);
  if (s.terms().empty() && !xi_) return {};
  Payload<Scalar> moved = acquire(&Buffers::values, value_.shape());
  const auto v = packets_of(value_);
  const auto xi = packets_of(xi_);
  const Change change = write_next(moved.writable(), v, [&]<class P>(std::int64_t i) {
    using namespace Eigen::internal;
    return multiply_add(pset1<P>(static_cast<Scalar>(rate)),
                        psub(s.template operator()<P>(i), xi.template operator()<P>(i)), v.template operator()<P>(i));
  });
  value_ = std::move(moved);
  return change;
}

template <class Scalar>
Change Node<Scalar>::move_value_by_curvature(std::uint32_t delay, bool answered) {
  Curvature& curvature = *buffers_->curvature;
  const std::optional<Curvature::Pace> pace = curvature.pace(delay);
  if (!pace || pace->rate == 0) return {};
  const Payload<Scalar> start = value_;
  Change change = move_value(pace->rate);
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
