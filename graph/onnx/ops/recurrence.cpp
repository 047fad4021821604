#include "graph/onnx/ops/recurrence.hpp"

#include <algorithm>

#include "graph/onnx/ops/compose.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/clip.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/where.hpp"

namespace settle::onnx {
namespace {

enum Input : std::size_t { x_input, w_input, r_input, b_input, lengths_input, hidden_input, cell_input, p_input };
constexpr std::int64_t kPeepholes = 3;
// Each step is some vertices: more than this is no model but a mistake.
constexpr std::int64_t kMaxSteps = std::int64_t{1} << 16;

// `count` elements from `first` on, along an axis.
ExpressionPtr part(const ExpressionPtr& x, std::int64_t axis, std::int64_t first, std::int64_t count) {
  return slice_of(x, axis, {first, 1, count});
}

ExpressionPtr affine(const ExpressionPtr& x, const ExpressionPtr& weight, const ExpressionPtr& bias) {
  return bias ? apply(linear_op(true), {x, weight, bias}) : apply(linear_op(false), {x, weight});
}

class Unroller {
 public:
  Unroller(const NodeView& node, const CellKind& kind) : node_(node), kind_(kind) {
    const std::string direction = node.text("direction", "forward");
    if (direction == "forward" || direction == "bidirectional") directions_.push_back(false);
    if (direction == "reverse" || direction == "bidirectional") directions_.push_back(true);
    if (directions_.empty()) node.invalid("direction '" + direction + "' is not one");
    batch_first_ = node.opset() >= 14 && node.flag("layout", false);
    if (node.rank(x_input) != 3 || node.rank(w_input) != 3 || node.rank(r_input) != 3)
      node.invalid("X, W and R must have three axes");
    time_ = node.shape(x_input)[batch_first_ ? 1 : 0];
    batch_ = node.shape(x_input)[batch_first_ ? 0 : 1];
    hidden_ = node.shape(r_input)[2];
    if (time_ < 1 || time_ > kMaxSteps) node.unsupported("a sequence of " + std::to_string(time_) + " steps");
    check_shapes();
    if (node.has(lengths_input)) take_lengths();
    activations_ = activations_of(node, kind.activations, directions_.size());
  }

  Values run(Cell cell) {
    take_inputs();
    std::vector<ExpressionPtr> all(static_cast<std::size_t>(time_) * directions_.size());
    std::vector<ExpressionPtr> last_hidden, last_cell;
    for (std::size_t d = 0; d < directions_.size(); ++d) {
      CellState state{initial(hidden_input, d), kind_.has_cell ? initial(cell_input, d) : nullptr};
      for (std::int64_t s = 0; s < time_; ++s) {
        const std::int64_t t = directions_[d] ? time_ - 1 - s : s;
        const auto [some, all_of_them] = running(t);
        if (some) state = cell(node_, step(d, t, all_of_them), state);
        ExpressionPtr y = some ? state.hidden : zeros();
        if (some && !all_of_them) y = apply(where_op(), {running_samples(t), y, constant(0)});
        all[static_cast<std::size_t>(t) * directions_.size() + d] = std::move(y);
      }
      last_hidden.push_back(state.hidden ? state.hidden : zeros());
      if (kind_.has_cell) last_cell.push_back(state.cell ? state.cell : zeros());
    }
    Values values{node_.input(x_input).with(stacked(all, true)),
                  node_.input(x_input).with(stacked(last_hidden, false))};
    if (kind_.has_cell) values.push_back(node_.input(x_input).with(stacked(last_cell, false)));
    return values;
  }

 private:
  void check_shapes() const {
    const auto directions = static_cast<std::int64_t>(directions_.size());
    const Shape state = batch_first_ ? Shape{batch_, directions, hidden_} : Shape{directions, batch_, hidden_};
    require(w_input, "W", {directions, kind_.gates * hidden_, node_.shape(x_input)[2]});
    require(r_input, "R", {directions, kind_.gates * hidden_, hidden_});
    require(b_input, "B", {directions, 2 * kind_.gates * hidden_});
    require(lengths_input, "sequence_lens", {batch_});
    require(hidden_input, "initial_h", state);
    if (kind_.has_cell) require(cell_input, "initial_c", state);
    if (kind_.has_cell) require(p_input, "P", {directions, kPeepholes * hidden_});
    const std::int64_t declared = node_.integer("hidden_size", hidden_);
    if (declared != hidden_)
      node_.invalid("hidden_size is " + std::to_string(declared) + ", R " + node_.shape(r_input).to_string());
  }

  void require(std::size_t input, const std::string& what, const Shape& shape) const {
    if (node_.has(input) && !(node_.shape(input) == shape))
      node_.invalid(what + " must be " + shape.to_string() + ", not " + node_.shape(input).to_string());
  }

  void take_lengths() {
    lengths_ = node_.integers(lengths_input);
    for (const std::int64_t length : lengths_)
      if (length < 0 || length > time_)
        node_.invalid("a length of " + std::to_string(length) + " in a sequence of " + std::to_string(time_) +
                      " steps");
  }

  // Whether at that time some samples run, and whether all of them do.
  std::pair<bool, bool> running(std::int64_t t) const {
    if (lengths_.empty()) return {true, true};
    const auto [least, most] = std::ranges::minmax(lengths_);
    return {t < most, t < least};
  }

  // [batch, 1]: 1 where the sample runs.
  ExpressionPtr running_samples(std::int64_t t) const {
    Tensor<double> truth(Shape{batch_, 1});
    for (std::size_t k = 0; k < lengths_.size(); ++k) truth.data()[k] = t < lengths_[k] ? 1 : 0;
    return constant(std::move(truth));
  }

  void take_inputs() {
    const std::int64_t extents[] = {batch_, node_.shape(x_input)[2]};
    for (std::int64_t t = 0; t < time_; ++t) {
      const ExpressionPtr x = reshaped(part(node_[x_input], batch_first_ ? -2 : -3, t, 1), extents);
      inputs_.push_back(node_.inner("input." + std::to_string(t), x));
    }
  }

  Step step(std::size_t d, std::int64_t t, bool all_run) const {
    const std::string prefix = std::string(directions_[d] ? "reverse." : "forward.") + std::to_string(t) + ".";
    const std::size_t count = kind_.activations.size();
    return {node_,
            kind_,
            d,
            prefix,
            inputs_[static_cast<std::size_t>(t)],
            std::span<const Activation>(activations_).subspan(d * count, count),
            all_run ? nullptr : running_samples(t)};
  }

  ExpressionPtr initial(std::size_t input, std::size_t d) const {
    if (!node_.has(input)) return nullptr;
    const std::int64_t extents[] = {batch_, hidden_};
    return reshaped(part(node_[input], batch_first_ ? -2 : -3, static_cast<std::int64_t>(d), 1), extents);
  }

  ExpressionPtr zeros() const { return filled(Shape{batch_, hidden_}, 0); }

  // States [batch, hidden], by time (where `over_time`) and direction, as one output.
  ExpressionPtr stacked(std::vector<ExpressionPtr> states, bool over_time) const {
    const auto directions = static_cast<std::int64_t>(directions_.size());
    std::vector<std::int64_t> extents;
    if (batch_first_) extents.push_back(batch_);
    if (over_time) extents.push_back(time_);
    extents.push_back(directions);
    if (!batch_first_) extents.push_back(batch_);
    extents.push_back(hidden_);
    const ExpressionPtr whole =
        states.size() == 1 ? states[0] : apply(concat_op(batch_first_ ? -1 : -2), std::move(states));
    return reshaped(whole, extents);
  }

  const NodeView& node_;
  const CellKind& kind_;
  std::vector<bool> directions_;  // true: from the end
  bool batch_first_ = false;
  std::int64_t time_ = 0;
  std::int64_t batch_ = 0;
  std::int64_t hidden_ = 0;
  std::vector<std::int64_t> lengths_;  // by sample; empty: all run to the end
  std::vector<Activation> activations_;
  std::vector<ExpressionPtr> inputs_;  // by time
};

}  // namespace

ExpressionPtr sum_of(std::initializer_list<ExpressionPtr> terms) {
  std::vector<ExpressionPtr> given;
  std::ranges::copy_if(terms, std::back_inserter(given), [](const ExpressionPtr& term) { return term != nullptr; });
  return given.empty() ? nullptr : folded(add_op(), given);
}

ExpressionPtr product_of(const ExpressionPtr& a, const ExpressionPtr& b) {
  return a && b ? apply(mul_op(), {a, b}) : nullptr;
}

// Rows of W or R: those of this direction and gate.
ExpressionPtr Step::weight_of(std::size_t input, std::int64_t gate) const {
  const Shape& shape = node_.shape(input);
  const std::int64_t extents[] = {shape[0] * shape[1], shape[2]};
  return part(reshaped(node_[input], extents), -2, (direction_ * kind_.gates + gate) * hidden_size(), hidden_size());
}

// `half` 0: the bias that goes with W, 1: with R.
ExpressionPtr Step::bias_of(std::int64_t half, std::int64_t gate) const {
  if (!node_.has(b_input)) return nullptr;
  const std::int64_t extents[] = {node_.shape(b_input).size()};
  return part(reshaped(node_[b_input], extents), -1, ((2 * direction_ + half) * kind_.gates + gate) * hidden_size(),
              hidden_size());
}

ExpressionPtr Step::from_input(std::int64_t gate) const {
  return affine(x_, weight_of(w_input, gate), bias_of(0, gate));
}

ExpressionPtr Step::from_hidden(std::int64_t gate, const ExpressionPtr& hidden) const {
  const ExpressionPtr bias = bias_of(1, gate);
  return hidden ? affine(hidden, weight_of(r_input, gate), bias) : bias;
}

ExpressionPtr Step::peephole(std::int64_t gate, const ExpressionPtr& cell) const {
  if (!node_.has(p_input) || !cell) return nullptr;
  const std::int64_t extents[] = {node_.shape(p_input).size()};
  const std::int64_t first = (direction_ * kPeepholes + gate) * hidden_size();
  return product_of(part(reshaped(node_[p_input], extents), -1, first, hidden_size()), cell);
}

ExpressionPtr Step::activated(std::size_t k, const ExpressionPtr& x) const {
  if (!node_.has_attribute("clip")) return onnx::activated(activations_[k], x);
  const double clip = node_.number("clip", 0);
  return onnx::activated(activations_[k], apply(clip_op(-clip, clip), {x}));
}

ExpressionPtr Step::state(const std::string& name, const ExpressionPtr& next, const ExpressionPtr& before) const {
  if (!running_) return vertex(name, next);
  return vertex(name, apply(where_op(), {running_, next, before ? before : constant(0)}));
}

Values unrolled(const NodeView& node, const CellKind& kind, Cell cell) { return Unroller(node, kind).run(cell); }

}  // namespace settle::onnx
