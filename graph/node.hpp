// Purpose: the numbers of one running vertex: value, prediction, weighted error xi, parameters, and the slots that hold
// what its neighbours sent last. Pure arithmetic: it sends nothing and knows no phase; NodeCore (actors/) decides when,
// Reference walks all nodes in a loop. Both call the same functions in the same order of sums, which is why relaxed
// fixed prediction and backprop agree to the last bit.
//
//   value, prediction, xi   [batch, ...]   error = xi / precision = v - v^
//   feedback(slot)          the parent's shape: (dz / d parent)^T xi + (dp / d parent)^T zeta
//   parameters              [out, in], ...; learn adds (dz / d theta)^T xi + (dp / d theta)^T zeta through the
//   optimizer
//
// p is the precision; zeta = -dE/dp = 1/2 (1/p - (xi/p)^2) where it is learned or predicted, else there is no such
// term. Under fixed prediction p and its Jacobian stay as predicted, and zeta follows xi. So a clamped vertex's zeta is
// constant in relax, as its xi is, and fixed prediction at rate 1 is backprop of the loss through both results of its
// program. A free vertex adds its own p's part: at rest
//   xi = -dF~/dv^,  F~ = sum over clamped vertices of E + sum over free ones of 1/2 p e^2 - 1/2 log p,  e = xi/p held,
// taken through the predict sweep: what Reference::backprop means too. F~ is the loss where no free vertex's precision
// is predicted from vertices that move; a precision that is only learned takes no part in xi, and learns from its own
// e.
//
// Under fixed prediction the node stores xi, not v (v = v^ + xi / precision): v - v^ in float32 would lose small
// errors. A null Payload is a tensor of zeros; a sum starts from its first non-null slot, never from 0. Thread rule:
// one owner. Payloads it returns may be read by any thread; their buffers come back by themselves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/curvature.hpp"
#include "graph/evaluator.hpp"
#include "graph/graph.hpp"
#include "graph/optimizer.hpp"
#include "graph/rule.hpp"
#include "graph/tensor_pool.hpp"

namespace settle {

template <class Scalar>
class Node {
 public:
  // Parameters start from (seed, name). Requires: `graph` and `optimizer` outlive the node.
  Node(const Graph& graph, VertexId id, std::uint64_t seed, const OptimizerSettings& optimizer);
  Node(const Graph&, VertexId, std::uint64_t, OptimizerSettings&&) = delete;

  const Vertex& vertex() const noexcept { return *vertex_; }
  VertexId id() const noexcept { return id_; }

  // --- a new trial -------------------------------------------------------------------------------------------------
  // Sizes everything for `batch` samples and forgets xi and the feedback slots. With `clamped` the value is held to
  // data, which `hold` must give before anything else. A free input starts from 0, a free vertex on a cycle from its
  // first value in every sample.
  void begin_trial(std::int64_t batch, bool clamped);
  // fill(Tensor<Scalar>&) writes the value into a tensor of its concrete shape. Requires: clamped.
  template <class Fill>
  void hold(Fill fill) {
    value_ = acquire(&Buffers::values, vertex_->shape.with_batch(batch_));
    if (!value_.is_number()) return fill(value_.tensor());
    thread_local Tensor<Scalar> number;
    number.resize(value_.shape());
    fill(number);
    *value_.writable().data = *number.data();
  }
  bool clamped() const noexcept { return clamped_; }
  // Neither clamped nor a parameter: moves in relax.
  bool free() const noexcept { return !clamped_ && vertex_->kind != VertexKind::parameter; }

  // --- slots -------------------------------------------------------------------------------------------------------
  void set_parent(Slot slot, Payload<Scalar> value);
  void set_feedback(Slot slot, Payload<Scalar> feedback) { feedback_[slot] = std::move(feedback); }
  void clear_feedback() { std::ranges::fill(feedback_, nullptr); }
  // S: children's feedback added in slot order; null where every slot is. One slot: that very tensor.
  Payload<Scalar> sum_feedback();

  // --- predict -----------------------------------------------------------------------------------------------------
  // Forms the prediction from the parents' values (all slots set); the value of a free vertex becomes it. A vertex that
  // has its value already, clamped or on a cycle, forms xi.
  void predict();

  // --- relax (through a Rule) --------------------------------------------------------------------------------------
  // Forms the prediction anew where a parent's value has changed since.
  void repredict();
  // Where rates follow curvature: bounds it at the predicted values, `moving` being the parents that move in relax.
  // Requires: predicted, nothing moved yet.
  void bound_curvature(std::vector<Slot> moving);
  // What parents must know of this vertex (graph/curvature.hpp); negative where it was not bounded.
  double gain() const noexcept { return buffers_ && buffers_->curvature ? buffers_->curvature->gain() : -1; }
  // What a child says of itself, until the next bound. Requires: bounded.
  void set_child_gain(Slot child, double gain) { buffers_->curvature->set_child_gain(child, gain); }
  // Both of a computed vertex, the one below after it.
  void follow_parents();
  // xi = precision * (v - v^), or the energy's own formula. A free vertex whose energy gives no force on its value
  // follows its prediction: xi = 0.
  void form_weighted_error();
  void assign_weighted_error(Payload<Scalar> xi);  // xi <- S, shared, not copied
  // xi <- (1 - rate) xi + rate S; at rate 1 S itself, assigned, whose change nobody asks for.
  Change blend_weighted_error(double rate);
  Change move_value(double rate);  // v <- v + rate (S - xi)
  // The same, no farther than its curvature bears. `answered`: asynchronous, where the change that it returns is the
  // one at share 1, so that `settled` does not mean slow. Nothing while a child's gain is unknown. Requires: bounded.
  Change move_value_by_curvature(std::uint32_t delay, bool answered);
  // Activation relaxation: xi <- v, a copy, since v may have been sent; v <- xi, one tensor.
  void take_value_as_error();
  void take_error_as_value();
  // (dz / d parent)^T xi in a buffer of its own, null where xi is; the same buffer again while xi and Jacobian stand.
  Payload<Scalar> feedback(Slot parent);

  // --- learn -------------------------------------------------------------------------------------------------------
  // Own parameters: theta += optimizer(reduction * (dz / d theta)^T xi). A parameter vertex: the same from S; where S
  // is not finite it stays as it is and returns false.
  bool learn(double reduction);
  // The same within relax: the next prediction is formed with the parameters as they then are; a parameter vertex has
  // its new value, in another tensor. A vertex that is not precise does not learn.
  bool learn_in_relax(double reduction);
  // The gradients dL/d theta = -(dz / d theta)^T xi of its own parameters, or dL/dv = -S of a parameter or input vertex
  // (empty where zero), without learning.
  std::vector<Tensor<Scalar>> read_out();

  // --- observed ----------------------------------------------------------------------------------------------------
  const Payload<Scalar>& value() const noexcept { return value_; }
  const Payload<Scalar>& prediction() const noexcept { return prediction_; }
  // Null for zero.
  const Payload<Scalar>& weighted_error() const noexcept { return xi_; }
  Precision<Scalar> precision() const noexcept;
  // False where the precision that the program has made is not positive and finite everywhere: then there is no error
  // to speak of. The vertex has diverged.
  bool precise() const noexcept { return precise_; }
  // The vertex's term of the free energy for the present value and xi; NaN where it is not precise.
  double energy() const;

  std::size_t parameter_count() const noexcept { return parameters_.size(); }
  const ParameterSpec& parameter_spec(std::size_t k) const noexcept { return vertex_->parameters[k]; }
  const Tensor<Scalar>& parameter(std::size_t k) const noexcept { return parameters_[k].values; }
  // Requires: the same shape.
  void set_parameter(std::size_t k, ConstView<Scalar> values);
  Optimizer<Scalar>& optimizer(std::size_t k) noexcept { return parameters_[k].optimizer; }
  const Optimizer<Scalar>& optimizer(std::size_t k) const noexcept { return parameters_[k].optimizer; }

 private:
  struct Parameter {
    Tensor<Scalar> values;
    Optimizer<Scalar> optimizer;
  };
  // Where payloads of more than one number are written: made when the first is, so that a scalar node has none.
  struct Buffers {
    explicit Buffers(std::size_t parents) : feedback(parents), formed(parents) {}
    TensorPool<Scalar> values;
    TensorPool<Scalar> sums;
    TensorPool<Scalar> errors;
    std::vector<TensorPool<Scalar>> feedback;  // by parent slot
    std::vector<Payload<Scalar>> formed;       // by parent slot, for the evaluator's present root
    std::unique_ptr<Curvature> curvature;      // where rates follow it
    Tensor<Scalar> probed;                     // the location that its probe left to the evaluator
    Payload<Scalar> left;                      // the value that the last move by curvature started from, where answered
  };

  Buffers& buffers();
  Payload<Scalar> acquire(TensorPool<Scalar> Buffers::*pool, const Shape& shape) {
    return shape.size() == 1 ? Payload<Scalar>::of(shape) : (buffers().*pool).acquire(shape);
  }
  class FeedbackSum;
  bool learn_from_feedback(double reduction);
  void hand_parameters_over();  // to the evaluator
  void invalidate_root() noexcept { root_set_ = false; }
  bool infers_precision() const noexcept { return vertex_->precision_kind == PrecisionKind::inferred && precise_; }
  bool has_root() const noexcept { return xi_ || infers_precision(); }
  void ensure_root();  // hands xi and zeta to the evaluator, once

  const Vertex* vertex_;
  VertexId id_;
  bool clamped_ = false;
  bool stale_ = false;     // a parent's value changed since the prediction was formed
  bool root_set_ = false;  // the evaluator's roots are the present xi and zeta
  bool precise_ = true;
  std::int64_t batch_ = 0;
  std::optional<Evaluator<Scalar>> evaluator_;  // computed vertices only

  std::vector<Payload<Scalar>> parents_;
  std::vector<Payload<Scalar>> feedback_;
  Payload<Scalar> value_;
  Payload<Scalar> prediction_;
  Payload<Scalar> location_;  // the program's output; the prediction itself for most energies
  Payload<Scalar> xi_;

  std::vector<Parameter> parameters_;
  std::vector<Tensor<Scalar>> gradients_;  // by parameter, where they do not go into it at once
  std::unique_ptr<Buffers> buffers_;
  struct ElementwisePrecision {
    Tensor<Scalar> values;
    Tensor<Scalar> volatility_error;  // zeta, for the evaluator's present root
  };
  std::unique_ptr<ElementwisePrecision> precision_;    // where the program makes a precision
  std::unique_ptr<const Tensor<Scalar>> first_value_;  // of a sample; on cycles only
};

}  // namespace settle
