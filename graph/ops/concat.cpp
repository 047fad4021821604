#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class Concat final : public OpKernels<Concat> {
 public:
  explicit Concat(std::int64_t axis) : axis_(axis) {}

  std::string_view name() const override { return "concat"; }
  std::int64_t axis() const noexcept { return axis_; }

  Shape infer(std::span<const Shape> inputs) const override {
    if (inputs.empty()) throw BadConfig("concat takes at least 1 input");
    const std::size_t position = axis_position(name(), inputs[0], axis_);
    std::int64_t total = 0;
    for (const Shape& shape : inputs) {
      if (shape.rank() != inputs[0].rank() || !(with_extent(shape, position, 1) == with_extent(inputs[0], position, 1)))
        throw BadConfig("concat along axis " + std::to_string(axis_) +
                        " needs inputs that agree in every other axis, " + "not " + inputs[0].to_string() + " and " +
                        shape.to_string());
      total += shape[position];
    }
    return with_extent(inputs[0], position, total);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::string> names;
    for (const StandardValue& input : inputs) names.push_back(input.name);
    return writer.node("Concat", names, {{"axis", axis_}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const AxisSplit split = split_at(inputs[k].shape, axis_);
      part(matrix(output, split.outer), inputs, k) = matrix(inputs[k], split.outer);
    }
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const AxisSplit split = split_at(call.result.shape, axis_);
    store(matrix(call.result, split.outer), part(matrix(call.adjoint, split.outer), call.inputs, call.input),
          call.accumulate);
  }

 private:
  // The columns of input k in the output as a matrix of `outer` rows.
  template <class Matrix, class Scalar>
  auto part(Matrix whole, std::span<const ConstView<Scalar>> inputs, std::size_t k) const {
    std::int64_t first = 0;
    for (std::size_t before = 0; before < k; ++before) first += columns(inputs[before].shape);
    return whole.middleCols(first, columns(inputs[k].shape));
  }

  std::int64_t columns(const Shape& shape) const {
    const AxisSplit split = split_at(shape, axis_);
    return split.extent * split.inner;
  }

  std::int64_t axis_;
};

ExpressionPtr make_concat(const Call& call) {
  std::vector<ExpressionPtr> inputs;
  for (const Argument& argument : call.arguments) inputs.push_back(tensor_argument(argument, "an argument of concat"));
  const std::int64_t axis = axis_argument(call, inputs[0]->shape, -1);
  return apply(concat_op(axis), std::move(inputs));
}

}  // namespace

std::span<const ExpressionPtr> joined_last(const ExpressionPtr& x) {
  const auto* concat = dynamic_cast<const Concat*>(x->op.get());
  return concat && concat->axis() == -1 ? std::span(x->arguments) : std::span(&x, 1);
}

OpPtr concat_op(std::int64_t axis_from_end) { return std::make_shared<const Concat>(axis_from_end); }

OperatorFamily concat_family() {
  OperatorFamily family;
  family.name = "concat";
  family.functions.push_back({.name = "concat",
                              .signature = "concat(x, y, ..., axis=-1)",
                              .min_arguments = 1,
                              .max_arguments = 65536,
                              .keywords = {"axis"},
                              .make = make_concat});
  family.gradient_cases = {
      {"concat along the last axis",
       concat_op(-1),
       {case_values("concat a", {2, 3}), case_values("concat b", {2, 1}), case_values("concat c", {2, 2})}},
      {"concat along an inner axis", concat_op(-2), {case_values("concat a", {2, 3, 2}), case_values("b", {2, 1, 2})}}};
  return family;
}

}  // namespace settle
