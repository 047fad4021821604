#include "graph/ops/linear.hpp"

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/products.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

// The extent that a linear map of x reads. Errors: BadConfig.
std::int64_t input_extent(const Shape& x) {
  if (x.sample().rank() == 0)
    throw BadConfig("linear needs an input with an axis besides the batch, not " + x.to_string() +
                    "; give it one with reshape(x, 1)");
  return x[x.rank() - 1];
}

// Up to here a matrix-vector product per row is faster than a matrix product, which packs the weight first.
constexpr std::int64_t kFewRows = 4;

class Linear final : public OpKernels<Linear> {
 public:
  explicit Linear(bool bias) : bias_(bias) {}

  std::string_view name() const override { return "linear"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, bias_ ? 3 : 2);
    const Shape& x = inputs[0];
    const Shape& weight = inputs[1];
    const std::int64_t in = input_extent(x);
    if (weight.batched() || weight.rank() != 2)
      throw BadConfig("linear needs a weight [out, in], not " + weight.to_string());
    if (weight[1] != in)
      throw BadConfig("linear's weight " + weight.to_string() + " takes " + std::to_string(weight[1]) +
                      " elements, but the last axis of its input " + x.to_string() + " has " + std::to_string(in));
    if (bias_ && !(inputs[2] == Shape{weight[0]}))
      throw BadConfig("linear's bias must be [" + std::to_string(weight[0]) + "] like its weight's rows, not " +
                      inputs[2].to_string());
    return with_extent(x, x.rank() - 1, weight[0]);
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    return (of == 0 && other == 1) || (of == 1 && other == 0);
  }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    const auto in = static_cast<double>(inputs[1][1]);
    return static_cast<double>(output.size()) * (2 * in + (bias_ ? 1 : 0));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    const std::string& weight = inputs[1].name;
    if (inputs[0].shape.rank() == 2) {
      std::vector<std::string> operands{inputs[0].name, weight};
      if (bias_) operands.push_back(inputs[2].name);
      return writer.node("Gemm", operands, {{"transB", std::int64_t{1}}});
    }
    const std::string turned = writer.node("Transpose", {weight}, {{"perm", std::vector<std::int64_t>{1, 0}}});
    const std::string product = writer.node("MatMul", {inputs[0].name, turned});
    return bias_ ? writer.node("Add", {product, inputs[2].name}) : product;
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    if (output.size() == 0) return;
    const std::int64_t rows = rows_of(ConstView<Scalar>(output), inputs[1]);
    const std::int64_t in = inputs[1].shape[1];
    const std::int64_t out = inputs[1].shape[0];
    if (rows > kFewRows) {
      multiply_rows(rows, in, out, inputs[0].data, inputs[1].data, bias_ ? inputs[2].data : nullptr, output.data);
      return;
    }
    auto y = matrix(output, rows);
    if (bias_)
      y.rowwise() = row(inputs[2]);
    else
      y.setZero();
    const auto x = matrix(inputs[0], rows);
    const auto weight = matrix(inputs[1], out);
    for (Eigen::Index r = 0; r < rows; ++r) y.row(r).transpose().noalias() += weight * x.row(r).transpose();
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (call.result.size() == 0 || call.adjoint.size() == 0) {
      if (!call.accumulate) array(call.result).setZero();
      return;
    }
    switch (call.input) {
      case 0:
        input_adjoint(call);
        break;
      case 1:
        weight_adjoint(call);
        break;
      default: {
        const auto g = matrix(call.adjoint, call.adjoint.size() / call.result.size());
        auto bias = row(call.result);
        store(bias, g.row(0), call.accumulate);
        for (Eigen::Index r = 1; r < g.rows(); ++r) bias += g.row(r);
      }
    }
  }

 private:
  template <class Scalar>
  using Row = Eigen::Map<Eigen::Matrix<Scalar, 1, Eigen::Dynamic>>;
  template <class Scalar>
  using ConstRow = Eigen::Map<const Eigen::Matrix<Scalar, 1, Eigen::Dynamic>>;

  template <class Scalar>
  static Row<Scalar> row(const View<Scalar>& view) {
    return {view.data, view.size()};
  }
  template <class Scalar>
  static ConstRow<Scalar> row(const ConstView<Scalar>& view) {
    return {view.data, view.size()};
  }

  // Rows of a tensor [..., out]. Requires: it is not empty.
  template <class Scalar>
  static std::int64_t rows_of(const ConstView<Scalar>& output, const ConstView<Scalar>& weight) {
    return output.size() / weight.shape[0];
  }

  // g W.
  template <class Scalar>
  static void input_adjoint(const Backward<Scalar>& call) {
    const ConstView<Scalar>& w = call.inputs[1];
    const std::int64_t rows = rows_of(call.adjoint, w);
    const std::int64_t in = w.shape[1];
    const std::int64_t out = w.shape[0];
    if (rows > kFewRows) {
      multiply<Scalar>(rows, out, in, {call.adjoint.data, out, 1}, {w.data, in}, {call.result.data, in},
                       call.accumulate);
      return;
    }
    if (!call.accumulate) array(call.result).setZero();
    const auto g = matrix(call.adjoint, rows);
    auto x = matrix(call.result, rows);
    for (Eigen::Index r = 0; r < rows; ++r)
      x.row(r).transpose().noalias() += matrix(w, out).transpose() * g.row(r).transpose();
  }

  // g^T x. One row's outer product passes over W once.
  template <class Scalar>
  static void weight_adjoint(const Backward<Scalar>& call) {
    const std::int64_t rows = rows_of(call.adjoint, call.inputs[1]);
    const std::int64_t in = call.result.shape[1];
    const std::int64_t out = call.result.shape[0];
    if (rows > 1) {
      multiply<Scalar>(out, rows, in, {call.adjoint.data, 1, out}, {call.inputs[0].data, in}, {call.result.data, in},
                       call.accumulate);
      return;
    }
    auto weight = matrix(call.result, out);
    const auto x = row(call.inputs[0]);
    for (std::int64_t o = 0; o < out; ++o) store(weight.row(o), call.adjoint.data[o] * x, call.accumulate);
  }

  bool bias_;
};

// x W^T + b with the parameters that `make` gives.
ExpressionPtr linear_with(const ExpressionPtr& x, std::int64_t units, bool bias, const Initializer& init,
                          const MakeParameter& make) {
  if (units < 1) throw BadConfig("linear needs at least 1 unit, not " + std::to_string(units));
  std::vector<ExpressionPtr> arguments{x, make("weight", {units, input_extent(x->shape)}, init)};
  if (bias) arguments.push_back(make("bias", {units}, init));
  return apply(linear_op(bias), std::move(arguments));
}

ExpressionPtr make_linear(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of linear");
  const std::int64_t units = integer_argument(call.arguments[1], "units of linear");
  const bool bias = named_switch(call, "bias", true);
  const Initializer init = call.scope->default_init(input_extent(x->shape));
  return linear_with(x, units, bias, init, parameter_maker(call, "linear"));
}

GradientCase linear_case(const std::string& name, const Shape& x, std::int64_t units, bool bias) {
  GradientCase gradient_case{name, linear_op(bias), {}};
  gradient_case.inputs.push_back(case_values(name + " x", x));
  gradient_case.inputs.push_back(case_values(name + " weight", {units, x[x.rank() - 1]}));
  if (bias) gradient_case.inputs.push_back(case_values(name + " bias", {units}));
  return gradient_case;
}

}  // namespace

OpPtr linear_op(bool bias) { return std::make_shared<const Linear>(bias); }

ExpressionPtr linear(const ExpressionPtr& x, std::int64_t units, const std::string& vertex, bool bias) {
  const Initializer init{Initializer::Kind::fan_in, static_cast<double>(input_extent(x->shape))};
  return linear_with(x, units, bias, init, [&](const std::string& suffix, const Shape& shape, const Initializer& i) {
    return own_parameter({vertex + "." + suffix, shape, i});
  });
}

OperatorFamily linear_family() {
  OperatorFamily family;
  family.name = "linear";
  family.functions.push_back({.name = "linear",
                              .signature = "linear(x, units, bias=1, share=NAME)",
                              .min_arguments = 2,
                              .max_arguments = 2,
                              .keywords = {"bias", "share"},
                              .make = make_linear});
  family.gradient_cases = {
      linear_case("linear", {5, 7}, 3, true),
      linear_case("linear without bias", {5, 7}, 3, false),
      linear_case("linear, one sample", {1, 7}, 3, true),
      linear_case("linear, a few samples", {3, 7}, 3, true),
      linear_case("linear, rows on two axes", {2, 3, 4}, 5, true),
      linear_case("linear, no batch", {4}, 5, true),
  };
  return family;
}

}  // namespace settle
