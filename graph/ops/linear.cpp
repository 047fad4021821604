#include "graph/ops/linear.hpp"

#include <map>
#include <mutex>

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/layout.hpp"
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
  Linear(bool bias, std::size_t parts) : bias_(bias), parts_(parts) {}

  std::string_view name() const override { return "linear"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, parts_ + (bias_ ? 2 : 1));
    const Shape& x = inputs[0];
    std::int64_t in = 0;
    for (const Shape& part : inputs.first(parts_)) {
      in += input_extent(part);
      if (part.rank() != x.rank() || !(with_extent(part, x.rank() - 1, 1) == with_extent(x, x.rank() - 1, 1)))
        throw BadConfig("linear needs inputs that agree in every axis but the last, not " + x.to_string() + " and " +
                        part.to_string());
    }
    const Shape& weight = inputs[parts_];
    if (weight.batched() || weight.rank() != 2)
      throw BadConfig("linear needs a weight [out, in], not " + weight.to_string());
    if (weight[1] != in)
      throw BadConfig("linear's weight " + weight.to_string() + " takes " + std::to_string(weight[1]) +
                      " elements, but the last axis of its input " + with_extent(x, x.rank() - 1, in).to_string() +
                      " has " + std::to_string(in));
    if (bias_ && !(inputs[parts_ + 1] == Shape{weight[0]}))
      throw BadConfig("linear's bias must be [" + std::to_string(weight[0]) + "] like its weight's rows, not " +
                      inputs[parts_ + 1].to_string());
    return with_extent(x, x.rank() - 1, weight[0]);
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    return (of < parts_ && other == parts_) || (of == parts_ && other < parts_);
  }

  std::optional<Part> part_of(std::size_t input, std::span<const Shape>) const override {
    return input < parts_ ? Part::whole : Part::first_axis;
  }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    const auto in = static_cast<double>(inputs[parts_][1]);
    return static_cast<double>(output.size()) * (2 * in + (bias_ ? 1 : 0));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::string> joined;
    for (const StandardValue& part : inputs.first(parts_)) joined.push_back(part.name);
    const std::string x = parts_ == 1 ? joined[0] : writer.node("Concat", joined, {{"axis", std::int64_t{-1}}});
    const std::string& weight = inputs[parts_].name;
    if (inputs[0].shape.rank() == 2) {
      std::vector<std::string> operands{x, weight};
      if (bias_) operands.push_back(inputs[parts_ + 1].name);
      return writer.node("Gemm", operands, {{"transB", std::int64_t{1}}});
    }
    const std::string turned = writer.node("Transpose", {weight}, {{"perm", std::vector<std::int64_t>{1, 0}}});
    const std::string product = writer.node("MatMul", {x, turned});
    return bias_ ? writer.node("Add", {product, inputs[parts_ + 1].name}) : product;
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    if (output.size() == 0) return;
    const ConstView<Scalar>& weight = inputs[parts_];
    const std::int64_t rows = rows_of(ConstView<Scalar>(output), weight);
    if (rows > kFewRows) {
      for (std::size_t k = 0; k < parts_; ++k) {
        const Scalar* bias = bias_ && k == 0 ? inputs[parts_ + 1].data : nullptr;
        multiply_rows<Scalar>(rows, extent(inputs, k), weight.shape[0], inputs[k].data, block(weight, inputs, k), bias,
                              output.data, k > 0);
      }
      return;
    }
    auto y = matrix(output, rows);
    if (bias_)
      y.rowwise() = row(inputs[parts_ + 1]);
    else
      y.setZero();
    for (std::size_t k = 0; k < parts_; ++k) {
      const auto x = matrix(inputs[k], rows);
      const auto w = columns(matrix(weight, weight.shape[0]), inputs, k);
      for (Eigen::Index r = 0; r < rows; ++r) y.row(r).transpose().noalias() += w * x.row(r).transpose();
    }
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (call.result.size() == 0 || call.adjoint.size() == 0) {
      if (!call.accumulate) array(call.result).setZero();
      return;
    }
    if (call.input < parts_) {
      input_adjoint(call);
    } else if (call.input == parts_) {
      weight_adjoint(call);
    } else {
      const auto g = matrix(call.adjoint, call.adjoint.size() / call.result.size());
      auto bias = row(call.result);
      store(bias, g.row(0), call.accumulate);
      for (Eigen::Index r = 1; r < g.rows(); ++r) bias += g.row(r);
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

  template <class Scalar>
  static std::int64_t extent(std::span<const ConstView<Scalar>> inputs, std::size_t part) {
    return inputs[part].shape[inputs[part].shape.rank() - 1];
  }

  // The first column of a weight [out, in], or of its adjoint, that input k is mapped by.
  template <class Scalar>
  static std::int64_t first_column(std::span<const ConstView<Scalar>> inputs, std::size_t k) {
    std::int64_t first = 0;
    for (std::size_t before = 0; before < k; ++before) first += extent(inputs, before);
    return first;
  }

  // Those columns, as a matrix and as rows in memory.
  template <class Matrix, class Scalar>
  static auto columns(Matrix weight, std::span<const ConstView<Scalar>> inputs, std::size_t k) {
    return weight.middleCols(first_column(inputs, k), extent(inputs, k));
  }
  template <class Scalar>
  static Rows<const Scalar> block(const ConstView<Scalar>& weight, std::span<const ConstView<Scalar>> inputs,
                                  std::size_t k) {
    return {weight.data + first_column(inputs, k), weight.shape[1]};
  }

  // g W.
  template <class Scalar>
  void input_adjoint(const Backward<Scalar>& call) const {
    const ConstView<Scalar>& weight = call.inputs[parts_];
    const std::int64_t rows = rows_of(call.adjoint, weight);
    const std::int64_t in = extent(call.inputs, call.input);
    const std::int64_t out = weight.shape[0];
    if (rows > kFewRows) {
      multiply<Scalar>(rows, out, in, {call.adjoint.data, out, 1}, block(weight, call.inputs, call.input),
                       {call.result.data, in}, call.accumulate);
      return;
    }
    if (!call.accumulate) array(call.result).setZero();
    const auto g = matrix(call.adjoint, rows);
    const auto w = columns(matrix(weight, out), call.inputs, call.input);
    auto x = matrix(call.result, rows);
    for (Eigen::Index r = 0; r < rows; ++r) x.row(r).transpose().noalias() += w.transpose() * g.row(r).transpose();
  }

  // g^T x. One row's outer product passes over W once.
  template <class Scalar>
  void weight_adjoint(const Backward<Scalar>& call) const {
    const std::int64_t rows = rows_of(call.adjoint, call.inputs[parts_]);
    const std::int64_t whole = call.result.shape[1];
    const std::int64_t out = call.result.shape[0];
    for (std::size_t k = 0; k < parts_; ++k) {
      const std::int64_t in = extent(call.inputs, k);
      if (rows > 1) {
        multiply<Scalar>(out, rows, in, {call.adjoint.data, 1, out}, {call.inputs[k].data, in},
                         {call.result.data + first_column(call.inputs, k), whole}, call.accumulate);
        continue;
      }
      auto weight = columns(matrix(call.result, out), call.inputs, k);
      const auto x = row(call.inputs[k]);
      for (std::int64_t o = 0; o < out; ++o) store(weight.row(o), call.adjoint.data[o] * x, call.accumulate);
    }
  }

  bool bias_;
  std::size_t parts_;
};

// x W^T + b with the parameters that `make` gives.
ExpressionPtr linear_with(const ExpressionPtr& x, std::int64_t units, bool bias, const Initializer& init,
                          const MakeParameter& make) {
  if (units < 1) throw BadConfig("linear needs at least 1 unit, not " + std::to_string(units));
  const std::int64_t in = input_extent(x->shape);
  const std::span<const ExpressionPtr> parts = joined_last(x);
  std::vector<ExpressionPtr> arguments(parts.begin(), parts.end());
  arguments.push_back(make("weight", {units, in}, init));
  if (bias) arguments.push_back(make("bias", {units}, init));
  return apply(linear_op(bias, parts.size()), std::move(arguments));
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

// x in parts of 3, 1 and the rest.
GradientCase parts_case(const std::string& name, const Shape& x, std::int64_t units) {
  const std::int64_t in = x[x.rank() - 1];
  GradientCase gradient_case{name, linear_op(true, 3), {}};
  for (const std::int64_t extent : {std::int64_t{3}, std::int64_t{1}, in - 4})
    gradient_case.inputs.push_back(case_values(name + std::to_string(extent), with_extent(x, x.rank() - 1, extent)));
  gradient_case.inputs.push_back(case_values(name + " weight", {units, in}));
  gradient_case.inputs.push_back(case_values(name + " bias", {units}));
  return gradient_case;
}

}  // namespace

OpPtr linear_op(bool bias, std::size_t parts) {
  // One for all that are alike, so that vertices which compute alike can share a program.
  static std::mutex mutex;
  static std::map<std::pair<bool, std::size_t>, OpPtr> known;
  const std::lock_guard lock(mutex);
  OpPtr& op = known[{bias, parts}];
  if (!op) op = std::make_shared<const Linear>(bias, parts);
  return op;
}

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
      parts_case("linear of parts", {5, 9}, 4),
      parts_case("linear of parts, one sample", {1, 9}, 4),
      parts_case("linear of parts, rows on two axes", {2, 3, 6}, 4),
  };
  return family;
}

}  // namespace settle
