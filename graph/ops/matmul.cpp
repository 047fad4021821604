#include "graph/ops/matmul.hpp"

#include "graph/error.hpp"
#include "graph/ops/broadcast.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

// A matrix in memory, read as it lies there or transposed.
template <class Scalar>
struct Factor {
  ConstMatrixMap<Scalar> matrix;
  bool transposed = false;

  Factor flipped() const { return {matrix, !transposed}; }
};

// y += alpha left right.
template <class Scalar>
void add_product(MatrixMap<Scalar> y, Scalar alpha, const Factor<Scalar>& left, const Factor<Scalar>& right) {
  const auto add = [&](const auto& l, const auto& r) { y.noalias() += alpha * l * r; };
  const auto with_left = [&](const auto& l) {
    if (right.transposed)
      add(l, right.matrix.transpose());
    else
      add(l, right.matrix);
  };
  if (left.transposed)
    with_left(left.matrix.transpose());
  else
    with_left(left.matrix);
}

// The adjoint of the left factor of y = alpha op(left) op(right), added to `result`, which lies as `left` does.
template <class Scalar>
void add_left_adjoint(MatrixMap<Scalar> result, bool transposed, Scalar alpha, const Factor<Scalar>& g,
                      const Factor<Scalar>& right) {
  if (transposed)
    add_product(result, alpha, right, g.flipped());
  else
    add_product(result, alpha, g, right.flipped());
}

template <class Scalar>
void add_right_adjoint(MatrixMap<Scalar> result, bool transposed, Scalar alpha, const Factor<Scalar>& g,
                       const Factor<Scalar>& left) {
  if (transposed)
    add_product(result, alpha, g.flipped(), left);
  else
    add_product(result, alpha, left.flipped(), g);
}

[[noreturn]] void does_not_fit(std::string_view op, const Shape& a, const Shape& b, const std::string& why) {
  throw BadConfig(std::string(op) + " cannot multiply " + a.to_string() + " and " + b.to_string() + ": " + why);
}

Shape leading(const Shape& shape) { return Shape(shape.extents().first(shape.rank() - 2)); }

// What a product multiplies: one [m, k] [k, n] for each element of `stack`, the shape of the axes before the matrices.
struct Product {
  std::int64_t m = 1, k = 1, n = 1;
  Shape stack, stack_a, stack_b;

  // Requires: ranks of at least 1. Errors: BadConfig where the axes before the matrices do not broadcast.
  Product(const Shape& a, const Shape& b) : k(a[a.rank() - 1]) {
    if (a.rank() > 1) {
      m = a[a.rank() - 2];
      stack_a = leading(a);
    }
    if (b.rank() > 1) {
      n = b[b.rank() - 1];
      stack_b = leading(b);
    }
    stack = broadcast(stack_a, stack_b);
    // One right matrix for all the left ones: they are one matrix of more rows, and the right adjoint's sum over them
    // is part of one product.
    if (stack_b.size() == 1 && stack == stack_a) {
      m *= stack.size();
      stack = stack_a = stack_b = Shape{};
    }
  }
};

class Matmul final : public OpKernels<Matmul> {
 public:
  std::string_view name() const override { return "matmul"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 2);
    const Shape& a = inputs[0];
    const Shape& b = inputs[1];
    if (a.rank() == 0 || b.rank() == 0) does_not_fit(name(), a, b, "both need an axis; scale with * instead");
    const std::int64_t depth = a[a.rank() - 1];
    if (depth != b[b.rank() > 1 ? b.rank() - 2 : 0])
      does_not_fit(name(), a, b, "the first's last axis and the second's last but one must agree");
    if (depth == Shape::kBatch) does_not_fit(name(), a, b, "the batch cannot be summed over");
    std::array<std::int64_t, Shape::kMaxRank + 2> extents{};
    const Shape stack = broadcast(a.rank() > 1 ? leading(a) : Shape{}, b.rank() > 1 ? leading(b) : Shape{});
    std::size_t rank = stack.rank();
    std::ranges::copy(stack.extents(), extents.begin());
    if (a.rank() > 1) extents[rank++] = a[a.rank() - 2];
    if (b.rank() > 1) extents[rank++] = b[b.rank() - 1];
    for (std::size_t axis = 1; axis < rank; ++axis)
      if (extents[axis] == Shape::kBatch) does_not_fit(name(), a, b, "the batch would not be the first axis");
    return Shape(std::span<const std::int64_t>(extents.data(), rank));
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override { return of != other; }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    return 2 * static_cast<double>(output.size()) * static_cast<double>(inputs[0][inputs[0].rank() - 1]);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node("MatMul", {inputs[0].name, inputs[1].name});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output).setZero();
    for_each_product(inputs, [&](const Product& p, std::int64_t y, const Scalar* a, const Scalar* b, const auto&) {
      add_product<Scalar>({output.data + y * p.m * p.n, p.m, p.n}, 1, {{a, p.m, p.k}}, {{b, p.k, p.n}});
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    for_each_product(call.inputs, [&](const Product& p, std::int64_t y, const Scalar* a, const Scalar* b,
                                      const std::array<std::int64_t, 2>& offsets) {
      const Factor<Scalar> g{{call.adjoint.data + y * p.m * p.n, p.m, p.n}};
      Scalar* result = call.result.data + offsets[call.input];
      if (call.input == 0)
        add_left_adjoint<Scalar>({result, p.m, p.k}, false, 1, g, {{b, p.k, p.n}});
      else
        add_right_adjoint<Scalar>({result, p.k, p.n}, false, 1, g, {{a, p.m, p.k}});
    });
  }

 private:
  // Calls visit(product, number of the result's matrix, left matrix, right matrix, where these start in a and b).
  template <class Scalar, class Visit>
  static void for_each_product(std::span<const ConstView<Scalar>> inputs, Visit&& visit) {
    const Product p(inputs[0].shape, inputs[1].shape);
    const BroadcastWalk<2> walk(p.stack, {p.stack_a, p.stack_b});
    walk.for_each_run([&](std::int64_t start, const auto& matrices) {
      for (std::int64_t i = 0; i < walk.length(); ++i) {
        const std::array<std::int64_t, 2> offsets{(matrices[0] + i * walk.stride(0)) * p.m * p.k,
                                                  (matrices[1] + i * walk.stride(1)) * p.k * p.n};
        visit(p, start + i, inputs[0].data + offsets[0], inputs[1].data + offsets[1], offsets);
      }
    });
  }
};

class Gemm final : public OpKernels<Gemm> {
 public:
  explicit Gemm(const GemmOptions& options) : options_(options) {}

  std::string_view name() const override { return "gemm"; }

  Shape infer(std::span<const Shape> inputs) const override {
    if (inputs.size() != 3) require_inputs(name(), inputs, 2);
    const Shape& a = inputs[0];
    const Shape& b = inputs[1];
    if (a.rank() != 2 || b.rank() != 2) does_not_fit(name(), a, b, "both must have two axes");
    if (b.batched() || (a.batched() && options_.transpose_a))
      does_not_fit(name(), a, b, "the batch must stay the first axis");
    const std::int64_t depth = a[options_.transpose_a ? 0 : 1];
    if (depth != b[options_.transpose_b ? 1 : 0]) does_not_fit(name(), a, b, "the axes that are summed do not agree");
    const Shape y{a[options_.transpose_a ? 1 : 0], b[options_.transpose_b ? 0 : 1]};
    if (inputs.size() == 3 && !(broadcast(inputs[2], y) == y))
      throw BadConfig("gemm's third input " + inputs[2].to_string() + " does not broadcast to its result " +
                      y.to_string());
    return y;
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override { return of + other == 1; }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    const auto depth = static_cast<double>(inputs[0][options_.transpose_a ? 0 : 1]);
    return static_cast<double>(output.size()) * (2 * depth + (inputs.size() == 3 ? 2 : 0));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::string> names;
    for (const StandardValue& input : inputs) names.push_back(input.name);
    return writer.node("Gemm", names,
                       {{"alpha", options_.alpha},
                        {"beta", options_.beta},
                        {"transA", std::int64_t{options_.transpose_a}},
                        {"transB", std::int64_t{options_.transpose_b}}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output).setZero();
    if (inputs.size() == 3) {
      const BroadcastWalk<1> walk(output.shape, {inputs[2].shape});
      walk.for_each_run([&](std::int64_t start, const auto& offsets) {
        const Scalar* c = inputs[2].data + offsets[0];
        auto y = settle::run(output.data + start, walk.length());
        if (walk.stride(0) == 0)
          y = beta<Scalar>() * repeated(c, walk.length());
        else
          y = beta<Scalar>() * settle::run(c, walk.length());
      });
    }
    if (output.size() == 0) return;
    add_product<Scalar>({output.data, output.shape[0], output.shape[1]}, alpha<Scalar>(), left(inputs), right(inputs));
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    if (call.input == 2) {
      const BroadcastWalk<1> walk(call.adjoint.shape, {call.result.shape});
      walk.for_each_run([&](std::int64_t start, const auto& offsets) {
        add_run(call.result.data + offsets[0], walk.stride(0), walk.length(),
                beta<Scalar>() * settle::run(call.adjoint.data + start, walk.length()));
      });
      return;
    }
    if (call.result.size() == 0) return;
    const Factor<Scalar> g{{call.adjoint.data, call.adjoint.shape[0], call.adjoint.shape[1]}};
    const MatrixMap<Scalar> result{call.result.data, call.result.shape[0], call.result.shape[1]};
    if (call.input == 0)
      add_left_adjoint(result, options_.transpose_a, alpha<Scalar>(), g, right(call.inputs));
    else
      add_right_adjoint(result, options_.transpose_b, alpha<Scalar>(), g, left(call.inputs));
  }

 private:
  template <class Scalar>
  Scalar alpha() const {
    return static_cast<Scalar>(options_.alpha);
  }
  template <class Scalar>
  Scalar beta() const {
    return static_cast<Scalar>(options_.beta);
  }
  template <class Scalar>
  Factor<Scalar> left(std::span<const ConstView<Scalar>> inputs) const {
    return {{inputs[0].data, inputs[0].shape[0], inputs[0].shape[1]}, options_.transpose_a};
  }
  template <class Scalar>
  Factor<Scalar> right(std::span<const ConstView<Scalar>> inputs) const {
    return {{inputs[1].data, inputs[1].shape[0], inputs[1].shape[1]}, options_.transpose_b};
  }

  GemmOptions options_;
};

void add_matmul_case(OperatorFamily& family, const Shape& a, const Shape& b) {
  const std::string name = "matmul " + a.to_string() + " " + b.to_string();
  family.gradient_cases.push_back({name, matmul_op(), {case_values(name + " a", a), case_values(name + " b", b)}});
}

void add_gemm_case(OperatorFamily& family, const GemmOptions& options, const Shape& c) {
  const std::string name = std::string("gemm") + (options.transpose_a ? " a^T" : " a") +
                           (options.transpose_b ? " b^T" : " b") + " + c " + c.to_string();
  const Shape a = options.transpose_a ? Shape{4, 3} : Shape{3, 4};
  const Shape b = options.transpose_b ? Shape{5, 4} : Shape{4, 5};
  family.gradient_cases.push_back(
      {name,
       gemm_op(options),
       {case_values(name + " a", a), case_values(name + " b", b), case_values(name + " c", c)}});
}

}  // namespace

OpPtr matmul_op() { return std::make_shared<const Matmul>(); }
OpPtr gemm_op(const GemmOptions& options) { return std::make_shared<const Gemm>(options); }

OperatorFamily matmul_family() {
  OperatorFamily family;
  family.name = "matmul";
  family.functions = {plain_function("matmul", matmul_op(), 2)};
  const std::pair<Shape, Shape> pairs[] = {
      {{3, 4}, {4, 5}},    {{2, 3, 4}, {2, 4, 5}}, {{2, 3, 4}, {4, 5}},
      {{3, 4}, {2, 4, 5}}, {{1, 3, 4}, {2, 4, 5}}, {{2, 1, 3, 4}, {3, 4, 2}},
      {{4}, {4, 5}},       {{4}, {2, 4, 5}},       {{2, 3, 4}, {4}},
      {{4}, {4}},          {{1, 4}, {4, 3}},       {{3, 1}, {1, 3}},
  };
  for (const auto& [a, b] : pairs) add_matmul_case(family, a, b);
  add_gemm_case(family, {}, {5});
  add_gemm_case(family, {.alpha = 0.5, .beta = -2, .transpose_a = true}, {3, 1});
  add_gemm_case(family, {.alpha = -1.5, .beta = 0.25, .transpose_b = true}, {});
  add_gemm_case(family, {.alpha = 2, .beta = 3, .transpose_a = true, .transpose_b = true}, {3, 5});
  const std::string alone = "gemm without c";
  family.gradient_cases.push_back(
      {alone, gemm_op({.alpha = 0.5}), {case_values(alone + " a", {3, 4}), case_values(alone + " b", {4, 5})}});
  return family;
}

}  // namespace settle
