#include "graph/ops/one_hot.hpp"

#include <limits>

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/index_maps.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

// What all operators of one tensor share whose result does not move with it.
template <class Derived>
class FlatOp : public OpKernels<Derived> {
 public:
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
  }
};

class OneHot final : public FlatOp<OneHot> {
 public:
  OneHot(std::int64_t depth, std::int64_t axis, double off, double on)
      : depth_(depth), axis_(axis), off_(off), on_(on) {
    if (depth < 1) throw BadConfig("one_hot needs a depth of at least 1, not " + std::to_string(depth));
  }

  std::string_view name() const override { return "one_hot"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    const auto rank = static_cast<std::int64_t>(x.rank()) + 1;
    const std::int64_t position = rank + axis_;
    if (axis_ >= 0 || position < (x.batched() ? 1 : 0) || x.rank() == Shape::kMaxRank)
      throw BadConfig("one_hot of " + x.to_string() + " cannot have the axis " + std::to_string(axis_));
    std::vector<std::int64_t> extents(x.extents().begin(), x.extents().end());
    extents.insert(extents.begin() + position, depth_);
    return Shape(std::span<const std::int64_t>(extents));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    const auto entry = [&](double value) {
      return writer.node("Unsqueeze", {writer.number(value), writer.integers({0})});
    };
    const std::string values = writer.node("Concat", {entry(off_), entry(on_)}, {{"axis", std::int64_t{0}}});
    return writer.node("OneHot", {as_indices(writer, inputs[0].name), writer.integer(depth_), values},
                       {{"axis", axis_}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output).setConstant(static_cast<Scalar>(off_));
    const AxisSplit split = split_at(output.shape, axis_);
    for (std::int64_t i = 0; i < inputs[0].size(); ++i) {
      const Scalar x = inputs[0].data[i];
      Scalar* first = output.data + i / split.inner * depth_ * split.inner + i % split.inner;
      const std::int64_t position = position_of(x, depth_);
      if (position != kNowhere) first[position * split.inner] = static_cast<Scalar>(on_);
      if (x != x)
        for (std::int64_t k = 0; k < depth_; ++k) first[k * split.inner] = x;
    }
  }

 private:
  std::int64_t depth_;
  std::int64_t axis_;
  double off_;
  double on_;
};

class ArgExtreme final : public FlatOp<ArgExtreme> {
 public:
  ArgExtreme(bool largest, std::int64_t axis, bool keep, bool last)
      : largest_(largest), axis_(axis), keep_(keep), last_(last) {}

  std::string_view name() const override { return largest_ ? "argmax" : "argmin"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    const std::size_t position = axis_position(name(), x, axis_);
    if (x[position] == 0) throw BadConfig(std::string(name()) + " needs an axis with elements, not " + x.to_string());
    std::vector<std::int64_t> extents(x.extents().begin(), x.extents().end());
    extents[position] = 1;
    if (!keep_) extents.erase(extents.begin() + static_cast<std::ptrdiff_t>(position));
    return Shape(std::span<const std::int64_t>(extents));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    const std::string position =
        writer.node(largest_ ? "ArgMax" : "ArgMin", {inputs[0].name},
                    {{"axis", axis_}, {"keepdims", std::int64_t{keep_}}, {"select_last_index", std::int64_t{last_}}});
    return writer.node("CastLike", {position, inputs[0].name});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const AxisSplit split = split_at(inputs[0].shape, axis_);
    for (std::int64_t i = 0; i < output.size(); ++i) {
      const Scalar* line = inputs[0].data + i / split.inner * split.extent * split.inner + i % split.inner;
      std::int64_t best = 0;
      bool nan = line[0] != line[0];
      for (std::int64_t k = 1; k < split.extent; ++k) {
        const Scalar x = line[k * split.inner];
        const Scalar before = line[best * split.inner];
        nan = nan || x != x;
        if ((largest_ ? x > before : x < before) || (last_ && x == before)) best = k;
      }
      output.data[i] = nan ? std::numeric_limits<Scalar>::quiet_NaN() : static_cast<Scalar>(best);
    }
  }

 private:
  bool largest_;
  std::int64_t axis_;
  bool keep_;
  bool last_;
};

ExpressionPtr make_one_hot(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of one_hot");
  const std::int64_t depth = integer_argument(call.arguments[1], "depth of one_hot");
  const std::int64_t axis = named_integer(call, "axis", -1);
  const auto rank = static_cast<std::int64_t>(x->shape.sample().rank()) + 1;
  if (axis < -rank || axis >= rank)
    throw BadConfig("axis " + std::to_string(axis) + " is not one of the " + std::to_string(rank) +
                    " axes that a sample of the result will have");
  return apply(one_hot_op(depth, axis < 0 ? axis : axis - rank), {x});
}

using MakeArg = OpPtr (*)(std::int64_t, bool, bool);

FunctionSpec arg_function(const std::string& name, MakeArg make_op) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, axis=-1, keep=0)";
  spec.keywords = {"axis", "keep"};
  spec.make = [name, make_op](const Call& call) {
    const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
    return apply(make_op(axis_argument(call, x->shape, -1), named_switch(call, "keep", false), false), {x});
  };
  return spec;
}

}  // namespace

OpPtr one_hot_op(std::int64_t depth, std::int64_t axis_from_end, double off, double on) {
  return std::make_shared<const OneHot>(depth, axis_from_end, off, on);
}
OpPtr argmax_op(std::int64_t axis_from_end, bool keep, bool last) {
  return std::make_shared<const ArgExtreme>(true, axis_from_end, keep, last);
}
OpPtr argmin_op(std::int64_t axis_from_end, bool keep, bool last) {
  return std::make_shared<const ArgExtreme>(false, axis_from_end, keep, last);
}

OperatorFamily one_hot_family() {
  OperatorFamily family;
  family.name = "one_hot";
  family.functions = {{.name = "one_hot",
                       .signature = "one_hot(x, depth, axis=-1)",
                       .min_arguments = 2,
                       .max_arguments = 2,
                       .keywords = {"axis"},
                       .make = make_one_hot},
                      arg_function("argmax", argmax_op),
                      arg_function("argmin", argmin_op)};
  Tensor<double> classes({2, 3});
  for (std::int64_t i = 0; i < classes.size(); ++i) classes.data()[i] = static_cast<double>(i - 2);
  const Tensor<double> x = case_values("argmax", {2, 3, 4});
  family.gradient_cases = {{"one_hot", one_hot_op(4), {classes}, {0}},
                           {"one_hot along the first axis", one_hot_op(3, -3, -1, 2), {classes}, {0}},
                           {"argmax", argmax_op(), {x}},
                           {"argmin along the middle axis", argmin_op(-2, true), {x}}};
  return family;
}

}  // namespace settle
