#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/view.hpp"

namespace settle {
namespace {

// For each axis of a shape of `rank` axes, whether it is one of these. Errors: BadConfig.
std::array<bool, Shape::kMaxRank> chosen_axes(std::string_view op, const std::vector<std::int64_t>& from_end,
                                              const Shape& x, std::size_t rank) {
  std::array<bool, Shape::kMaxRank> chosen{};
  for (const std::int64_t axis : from_end) {
    const std::int64_t position = static_cast<std::int64_t>(rank) + axis;
    if (axis >= 0 || position < (x.batched() ? 1 : 0) || chosen[static_cast<std::size_t>(position)])
      throw BadConfig(std::string(op) + " of " + x.to_string() + " cannot take axis " + std::to_string(axis) +
                      ": it is not there, is the batch, or is given twice");
    chosen[static_cast<std::size_t>(position)] = true;
  }
  return chosen;
}

class Squeeze final : public ViewOp<Squeeze> {
 public:
  explicit Squeeze(std::vector<std::int64_t> axes) : axes_(std::move(axes)) {}

  std::string_view name() const override { return "squeeze"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    const auto chosen = chosen_axes(name(), axes_, x, x.rank());
    std::vector<std::int64_t> extents;
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
      if (chosen[axis] && x[axis] != 1)
        throw BadConfig("squeeze of " + x.to_string() + " cannot take away an axis of extent " +
                        std::to_string(x[axis]));
      if (!(chosen[axis] || (axes_.empty() && x[axis] == 1))) extents.push_back(x[axis]);
    }
    return Shape(std::span<const std::int64_t>(extents));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    // Without axes the standard would also take a batch of one sample away.
    std::vector<std::int64_t> axes = axes_;
    const Shape& x = inputs[0].shape;
    for (std::size_t axis = 0; axis < x.rank() && axes_.empty(); ++axis)
      if (x[axis] == 1) axes.push_back(static_cast<std::int64_t>(axis) - static_cast<std::int64_t>(x.rank()));
    return writer.node("Squeeze", {inputs[0].name, writer.integers(axes)});
  }

 private:
  std::vector<std::int64_t> axes_;
};

class Unsqueeze final : public ViewOp<Unsqueeze> {
 public:
  explicit Unsqueeze(std::vector<std::int64_t> axes) : axes_(std::move(axes)) {}

  std::string_view name() const override { return "unsqueeze"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    const std::size_t rank = x.rank() + axes_.size();
    if (rank > Shape::kMaxRank)
      throw BadConfig("unsqueeze of " + x.to_string() + " would give more than " + std::to_string(Shape::kMaxRank) +
                      " axes");
    const auto chosen = chosen_axes(name(), axes_, x, rank);
    std::vector<std::int64_t> extents;
    for (std::size_t axis = 0, next = 0; axis < rank; ++axis) extents.push_back(chosen[axis] ? 1 : x[next++]);
    return Shape(std::span<const std::int64_t>(extents));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node("Unsqueeze", {inputs[0].name, writer.integers(axes_)});
  }

 private:
  std::vector<std::int64_t> axes_;
};

ExpressionPtr make_squeeze(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of squeeze");
  std::vector<std::int64_t> axes;
  if (call.named.contains("axis")) axes.push_back(axis_argument(call, x->shape, -1));
  return apply(squeeze_op(std::move(axes)), {x});
}

// The axis counts those that a sample of the result has.
ExpressionPtr make_unsqueeze(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of unsqueeze");
  const std::int64_t axis = named_integer(call, "axis", -1);
  const auto rank = static_cast<std::int64_t>(x->shape.sample().rank()) + 1;
  if (axis < -rank || axis >= rank)
    throw BadConfig("axis " + std::to_string(axis) + " is not one of the " + std::to_string(rank) +
                    " axes that a sample of " + x->shape.to_string() + " will have");
  return apply(unsqueeze_op({axis < 0 ? axis : axis - rank}), {x});
}

FunctionSpec axis_function(const std::string& name, const std::string& signature, ExpressionPtr (*make)(const Call&)) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = signature;
  spec.keywords = {"axis"};
  spec.make = make;
  return spec;
}

}  // namespace

OpPtr squeeze_op(std::vector<std::int64_t> axes_from_end) {
  return std::make_shared<const Squeeze>(std::move(axes_from_end));
}
OpPtr unsqueeze_op(std::vector<std::int64_t> axes_from_end) {
  return std::make_shared<const Unsqueeze>(std::move(axes_from_end));
}

OperatorFamily squeeze_family() {
  OperatorFamily family;
  family.name = "squeeze";
  family.functions = {axis_function("squeeze", "squeeze(x, axis=ALL)", make_squeeze),
                      axis_function("unsqueeze", "unsqueeze(x, axis=-1)", make_unsqueeze)};
  const Tensor<double> x = case_values("squeeze", {2, 1, 3, 1});
  family.gradient_cases = {{"squeeze", squeeze_op(), {x}},
                           {"squeeze of one axis", squeeze_op({-3}), {x}},
                           {"unsqueeze", unsqueeze_op({-1, -3}), {x}}};
  return family;
}

}  // namespace settle
