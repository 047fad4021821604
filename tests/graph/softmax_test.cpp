#include "graph/ops/softmax.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

Tensor<double> wave(const Shape& shape, double phase) {
  Tensor<double> x(shape);
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = 3 * std::sin(static_cast<double>(i) + phase);
  return x;
}

// The definition, and its whole Jacobian: da_i = sum_j dy_j / dx_i g_j, element by element.
struct Naive {
  Tensor<double> y, log_y, a, log_a;

  Naive(const Tensor<double>& x, const Tensor<double>& g, std::size_t axis)
      : y(x.shape()), log_y(x.shape()), a(x.shape()), log_a(x.shape()) {
    const std::int64_t extent = x.shape()[axis];
    std::int64_t inner = 1;
    for (std::size_t later = axis + 1; later < x.shape().rank(); ++later) inner *= x.shape()[later];
    for (std::int64_t i = 0; i < x.size(); ++i) {
      const std::int64_t first = i - i / inner % extent * inner;
      double total = 0;
      for (std::int64_t k = 0; k < extent; ++k) total += std::exp(x.data()[first + k * inner]);
      y.data()[i] = std::exp(x.data()[i]) / total;
      log_y.data()[i] = x.data()[i] - std::log(total);
      for (std::int64_t k = 0; k < extent; ++k) {
        const std::int64_t j = first + k * inner;
        const double y_j = std::exp(x.data()[j]) / total;
        const double same = i == j ? 1 : 0;
        a.data()[i] += y_j * (same - y.data()[i]) * g.data()[j];
        log_a.data()[i] += (same - y.data()[i]) * g.data()[j];
      }
    }
  }
};

bool close(const Tensor<double>& a, const Tensor<double>& b) {
  double worst = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a.data()[i] - b.data()[i]));
  return a.shape() == b.shape() && worst < 1e-13;
}

}  // namespace

TEST_CASE("softmax and log_softmax along any axis are their definitions, and so are their adjoints") {
  for (const Shape& shape : {Shape{7}, Shape{5, 1}, Shape{3, 5, 4}, Shape{2, 3, 1, 150}, Shape{4, 130}}) {
    const Tensor<double> x = wave(shape, 0);
    const Tensor<double> g = wave(shape, 1);
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      CAPTURE(shape.to_string());
      CAPTURE(axis);
      const auto from_end = static_cast<std::int64_t>(axis) - static_cast<std::int64_t>(shape.rank());
      const Naive naive(x, g, axis);
      CHECK(close(forward(softmax_op(from_end), {x}), naive.y));
      CHECK(close(forward(log_softmax_op(from_end), {x}), naive.log_y));
      CHECK(close(backward(softmax_op(from_end), {x}, g, 0), naive.a));
      CHECK(close(backward(log_softmax_op(from_end), {x}, g, 0), naive.log_a));
    }
  }
}

TEST_CASE("softmax and log_softmax are stable for logits of any size, in float too") {
  const Tensor<float> x = tensor<float>({2, 4}, {0, 1, 2, 3, 10000, 10001, 10002, 10003});
  for (const Tensor<float>& logits : {x, tensor<float>({2, 4}, {-1e30F, 0, -1e30F, 1, 1e30F, 0, 0, 0})}) {
    const Tensor<float> y = forward(softmax_op(), std::vector{logits});
    for (const float p : y.flat()) CHECK((p >= 0 && p <= 1));
    const Tensor<float> logarithms = forward(log_softmax_op(), std::vector{logits});
    for (const float p : logarithms.flat()) CHECK(std::isfinite(p));
  }
  const std::vector<float> y = elements(forward(softmax_op(), std::vector{x}));
  const float expected[] = {0.032058604F, 0.08714432F, 0.23688284F, 0.6439143F};
  for (std::size_t i = 0; i < 8; ++i) CHECK(y[i] == doctest::Approx(expected[i % 4]).epsilon(1e-6));
}

TEST_CASE("a class without any probability has probability 0, and a NaN spoils its own line only") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(elements(forward(softmax_op(), {tensor({3}, {0.0, -infinity, 0.0})})) == std::vector<double>{0.5, 0, 0.5});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const OpPtr& op : {softmax_op(), log_softmax_op()}) {
    const std::vector<double> y = elements(forward(op, {tensor({2, 2}, {0.0, nan, 1.0, 1.0})}));
    CHECK(std::isnan(y[0]));
    CHECK(std::isnan(y[1]));
    CHECK(std::isfinite(y[2]));
  }
  const std::vector<double> y = elements(forward(softmax_op(-2), {tensor({2, 2}, {0.0, nan, 1.0, 1.0})}));
  CHECK(std::isfinite(y[0]));
  CHECK(std::isnan(y[1]));
  CHECK(std::isnan(y[3]));
}

TEST_CASE("softmax of an axis of one element is 1, and of a tensor without elements empty") {
  CHECK(elements(forward(softmax_op(), {tensor({2, 1}, {5.0, -7.0})})) == std::vector<double>{1, 1});
  CHECK(elements(forward(log_softmax_op(-2), {tensor({1, 2}, {5.0, -7.0})})) == std::vector<double>{0, 0});
  CHECK(forward(softmax_op(), {Tensor<double>({0, 3})}).size() == 0);
  CHECK(forward(softmax_op(), {Tensor<double>({3, 0})}).size() == 0);
}

TEST_CASE("softmax keeps its input's shape and never runs over the batch") {
  CHECK(inferred(softmax_op(-2), {{batch, 3, 4}}) == Shape{batch, 3, 4});
  CHECK(complaint([] {
          inferred(softmax_op(-2), {{batch, 3}});
        }) == "softmax along axis -2 needs an input that has it, not [batch, 3]");
  CHECK(complaint([] { inferred(log_softmax_op(), {{}}); }) ==
        "log_softmax along axis -1 needs an input that has it, not []");
  CHECK(complaint([] { inferred(softmax_op(), {{3}, {3}}); }) == "softmax takes 1 inputs, not 2");
}

TEST_CASE("softmax in the language counts a sample's axes") {
  const Argument x = vertex({batch, 2, 3});
  const Tensor<double> values = wave({4, 2, 3}, 0);
  const auto sums_to_one = [&](const ExpressionPtr& y, std::size_t stride) {
    const std::vector<double> p = elements(forward(y->op, {values}));
    return std::abs(p[0] + p[stride] + (stride == 1 ? p[2] : 0) - 1) < 1e-12;
  };
  CHECK(sums_to_one(call("softmax", {x}), 1));
  CHECK(sums_to_one(call("softmax", {x}, {{"axis", number(0)}}), 3));
  CHECK(sums_to_one(call("softmax", {x}, {{"axis", number(-2)}}), 3));
  CHECK(call("log_softmax", {x}, {{"axis", number(1)}})->op->name() == "log_softmax");
  CHECK(complaint([&] {
          call("softmax", {x}, {{"axis", number(2)}});
        }).starts_with("axis 2 is not one of the 2 axes of a sample of [batch, 2, 3]"));
}
