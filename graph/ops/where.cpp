#include "graph/ops/where.hpp"

#include <limits>

#include "graph/error.hpp"
#include "graph/ops/broadcast.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class Where final : public OpKernels<Where> {
 public:
  std::string_view name() const override { return "where"; }
  bool adjoint_reads(std::size_t of, std::size_t other) const override { return of != condition && other == condition; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 3);
    return broadcast(broadcast(inputs[condition], inputs[1]), inputs[2]);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    constexpr std::int64_t boolean = 9;
    const std::string chosen = writer.node("Cast", {inputs[condition].name}, {{"to", boolean}});
    return writer.node("Where", {chosen, inputs[1].name, inputs[2].name});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    for_each_element(output.shape, inputs, [&](std::int64_t i, Scalar chosen, const auto& at) {
      if (chosen != chosen)
        output.data[i] = std::numeric_limits<Scalar>::quiet_NaN();
      else
        output.data[i] = chosen != 0 ? inputs[1].data[at[1]] : inputs[2].data[at[2]];
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    if (call.input == condition) return;
    const bool wanted = call.input == 1;
    for_each_element(call.adjoint.shape, call.inputs, [&](std::int64_t i, Scalar chosen, const auto& at) {
      if ((chosen != 0) == wanted) call.result.data[at[call.input]] += call.adjoint.data[i];
    });
  }

 private:
  static constexpr std::size_t condition = 0;

  // Calls visit(number of the result's element, its condition, where its operands are).
  template <class Scalar, class Visit>
  static void for_each_element(const Shape& output, std::span<const ConstView<Scalar>> inputs, Visit&& visit) {
    const BroadcastWalk<3> walk(output, {inputs[0].shape, inputs[1].shape, inputs[2].shape});
    walk.for_each_run([&](std::int64_t start, BroadcastWalk<3>::Offsets at) {
      for (std::int64_t i = 0; i < walk.length(); ++i) {
        visit(start + i, inputs[condition].data[at[condition]], at);
        for (std::size_t k = 0; k < 3; ++k) at[k] += walk.stride(k);
      }
    });
  }
};

ExpressionPtr make_where(const Call& call) {
  std::vector<ExpressionPtr> operands;
  for (const Argument& argument : call.arguments) operands.push_back(tensor_argument(argument, "an argument of where"));
  return apply(where_op(), std::move(operands));
}

ExpressionPtr make_triangle(const Call& call) {
  return triangle(tensor_argument(call.arguments[0], "the input of triangle"), named_switch(call, "upper", true),
                  named_integer(call, "diagonal", 0));
}

GradientCase where_case(const Shape& condition, const Shape& a, const Shape& b) {
  const std::string name = "where " + condition.to_string() + " " + a.to_string() + " " + b.to_string();
  GradientCase where_case{
      name, where_op(), {Tensor<double>(condition), case_values(name, a), case_values("b", b)}, {0}};
  // Anything but 0 is true.
  const double conditions[] = {1, 0, 0, -2, 0.5};
  for (std::int64_t i = 0; i < condition.size(); ++i)
    where_case.inputs[0].data()[i] = conditions[static_cast<std::size_t>(i) % std::size(conditions)];
  return where_case;
}

}  // namespace

OpPtr where_op() {
  static const OpPtr instance = std::make_shared<const Where>();
  return instance;
}

ExpressionPtr triangle(const ExpressionPtr& x, bool upper, std::int64_t diagonal) {
  const Shape sample = x->shape.sample();
  if (sample.rank() < 2) throw BadConfig("triangle needs a sample of at least two axes, not " + x->shape.to_string());
  const std::int64_t rows = sample[sample.rank() - 2];
  const std::int64_t columns = sample[sample.rank() - 1];
  Tensor<double> kept(Shape{rows, columns});
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c)
      kept.data()[r * columns + c] = (upper ? c - r >= diagonal : c - r <= diagonal) ? 1 : 0;
  return apply(where_op(), {constant(std::move(kept)), x, constant(0)});
}

OperatorFamily where_family() {
  OperatorFamily family;
  family.name = "where";
  family.functions.push_back({.name = "where",
                              .signature = "where(condition, x, y)",
                              .min_arguments = 3,
                              .max_arguments = 3,
                              .keywords = {},
                              .make = make_where});
  family.functions.push_back({.name = "triangle",
                              .signature = "triangle(x, diagonal=0, upper=1)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"diagonal", "upper"},
                              .make = make_triangle});
  family.gradient_cases = {where_case({3, 4}, {3, 4}, {3, 4}), where_case({4}, {3, 4}, {3, 1}),
                           where_case({3, 4}, {}, {4}),        where_case({3, 1}, {4}, {}),
                           where_case({}, {2, 3}, {3}),        where_case({2, 1, 3}, {4, 1}, {2, 4, 3})};
  return family;
}

}  // namespace settle
