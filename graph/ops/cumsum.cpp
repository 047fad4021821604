#include "graph/ops/cumsum.hpp"

#include "graph/eigen.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class CumSum final : public OpKernels<CumSum> {
 public:
  CumSum(std::int64_t axis, bool exclusive, bool reverse) : axis_(axis), exclusive_(exclusive), reverse_(reverse) {}

  std::string_view name() const override { return "cumsum"; }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    axis_position(name(), inputs[0], axis_);
    return inputs[0];
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node("CumSum", {inputs[0].name, writer.integer(axis_)},
                       {{"exclusive", std::int64_t{exclusive_}}, {"reverse", std::int64_t{reverse_}}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    sum_up(inputs[0], output.data, reverse_, false);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    sum_up(call.adjoint, call.result.data, !reverse_, call.accumulate);
  }

 private:
  // Sums of neighbouring columns run side by side, a few at a time, so that they stay in registers.
  template <class Scalar>
  void sum_up(const ConstView<Scalar>& x, Scalar* y, bool reverse, bool accumulate) const {
    constexpr std::int64_t columns = 16;
    const AxisSplit split = split_at(x.shape, axis_);
    for (std::int64_t o = 0; o < split.outer; ++o)
      for (std::int64_t column = 0; column < split.inner; column += columns) {
        const std::int64_t start = o * split.extent * split.inner + column;
        const std::int64_t width = std::min(columns, split.inner - column);
        Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, columns, 1> sum =
            Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, columns, 1>::Zero(width);
        for (std::int64_t k = 0; k < split.extent; ++k) {
          const std::int64_t at = start + (reverse ? split.extent - 1 - k : k) * split.inner;
          const ConstArrayMap<Scalar> term(x.data + at, width);
          ArrayMap<Scalar> destination(y + at, width);
          if (!exclusive_) sum += term;
          store(destination, sum, accumulate);
          if (exclusive_) sum += term;
        }
      }
  }

  std::int64_t axis_;
  bool exclusive_;
  bool reverse_;
};

ExpressionPtr make_cumsum(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of cumsum");
  return apply(cumsum_op(axis_argument(call, x->shape, -1), named_switch(call, "exclusive", false),
                         named_switch(call, "reverse", false)),
               {x});
}

}  // namespace

OpPtr cumsum_op(std::int64_t axis_from_end, bool exclusive, bool reverse) {
  return std::make_shared<const CumSum>(axis_from_end, exclusive, reverse);
}

OperatorFamily cumsum_family() {
  OperatorFamily family;
  family.name = "cumsum";
  family.functions.push_back({.name = "cumsum",
                              .signature = "cumsum(x, axis=-1, exclusive=0, reverse=0)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"axis", "exclusive", "reverse"},
                              .make = make_cumsum});
  const Tensor<double> x = case_values("cumsum", {2, 4, 19});
  family.gradient_cases = {{"cumsum along the last axis", cumsum_op(-1), {x}},
                           {"cumsum along the middle axis", cumsum_op(-2), {x}},
                           {"cumsum, exclusive", cumsum_op(-2, true), {x}},
                           {"cumsum, reversed", cumsum_op(-1, false, true), {x}},
                           {"cumsum, exclusive and reversed", cumsum_op(-3, true, true), {x}}};
  return family;
}

}  // namespace settle
