#include "graph/ops/reduce.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

// Runs an operator as a program does: shapes inferred with the symbolic batch, kernels on two samples.
struct Batched {
  OpPtr op;
  Tensor<double> x;
  Shape output;

  Batched(const OpPtr& reduce, const Shape& sample) : op(reduce), x(Shape::batched_over(sample).with_batch(2)) {
    for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<double>(i);
    output = inferred(op, {Shape::batched_over(sample)}).with_batch(2);
  }
  std::vector<double> forward() const {
    Tensor<double> y(output);
    const std::vector<ConstView<double>> inputs{x.view()};
    op->forward(std::span<const ConstView<double>>(inputs), y.view());
    return elements(y);
  }
  std::vector<double> backward(const std::vector<double>& root) const {
    Tensor<double> y(output);
    Tensor<double> result(x.shape());
    const Tensor<double> g(output, root);
    const std::vector<ConstView<double>> inputs{x.view()};
    op->backward(Backward<double>{inputs, y.view(), g.view(), 0, result.view(), false});
    return elements(result);
  }
};

}  // namespace

TEST_CASE("a sum over everything is one number per sample") {
  const Batched sum(sum_op(), {3});
  CHECK(sum.output == Shape{2, 1});
  CHECK(sum.forward() == std::vector<double>{3, 12});
  CHECK(sum.backward({1, 10}) == std::vector<double>{1, 1, 1, 10, 10, 10});
  CHECK(Batched(mean_op(), {3}).forward() == std::vector<double>{1, 4});
  CHECK(Batched(mean_op(), {2}).backward({1, 10}) == std::vector<double>{0.5, 0.5, 5, 5});
}

TEST_CASE("a sum along an axis adds what differs in that axis only") {
  CHECK(Batched(sum_op({-1}), {2, 2}).forward() == std::vector<double>{1, 5, 9, 13});
  CHECK(Batched(sum_op({-2}), {2, 2}).forward() == std::vector<double>{2, 4, 10, 12});
  CHECK(Batched(sum_op({-2}), {2, 2}).backward({1, 2, 3, 4}) == std::vector<double>{1, 2, 1, 2, 3, 4, 3, 4});
  CHECK(Batched(sum_op({-1, -2}), {2, 2}).forward() == std::vector<double>{6, 22});
  CHECK(Batched(mean_op({-1}), {2, 2}).forward() == std::vector<double>{0.5, 2.5, 4.5, 6.5});
}

TEST_CASE("a reduced axis goes or stays with extent 1, and a sample never loses all its axes") {
  CHECK(inferred(sum_op(), {{batch, 28, 28}}) == Shape{batch, 1});
  CHECK(inferred(sum_op({}, true), {{batch, 28, 28}}) == Shape{batch, 1, 1});
  CHECK(inferred(sum_op({-1}), {{batch, 28, 28}}) == Shape{batch, 28});
  CHECK(inferred(sum_op({-1}, true), {{batch, 28, 28}}) == Shape{batch, 28, 1});
  CHECK(inferred(sum_op({-1}), {{batch, 5}}) == Shape{batch, 1});
  CHECK(inferred(sum_op(), {{batch}}) == Shape{batch, 1});
  CHECK(inferred(sum_op(), {{5}}) == Shape{});
  CHECK(inferred(sum_op({}, true), {{5, 2}}) == Shape{1, 1});
  CHECK(inferred(sum_op(), {{}}) == Shape{});
}

TEST_CASE("reductions without a batch reduce everything") {
  CHECK(elements(forward(sum_op(), {tensor({2, 2}, {1.0, 2.0, 3.0, 4.0})})) == std::vector<double>{10});
  CHECK(elements(forward(mean_op(), {tensor({2, 2}, {1.0, 2.0, 3.0, 4.0})})) == std::vector<double>{2.5});
  CHECK(elements(forward(sum_op(), {tensor({}, {3.0})})) == std::vector<double>{3});
}

TEST_CASE("reductions never run over the batch, and take an axis once") {
  CHECK(complaint([] {
          inferred(sum_op({-2}), {{batch, 5}});
        }) == "sum along axis -2 needs an input that has it, not [batch, 5]");
  CHECK(complaint([] { sum_op({-1, -1}); }) == "sum takes each axis once");
}

TEST_CASE("sum and mean in the language take an axis of a sample and a switch to keep it") {
  const Argument x = vertex({batch, 4, 6});
  CHECK(call("sum", {x})->shape == Shape{batch, 1});
  CHECK(call("mean", {x}, {{"axis", number(0)}})->shape == Shape{batch, 6});
  CHECK(call("sum", {x}, {{"axis", number(-1)}, {"keep", number(1)}})->shape == Shape{batch, 4, 1});
  CHECK(complaint([&] { call("sum", {x}, {{"keep", number(3)}}); }) == "keep must be 0 or 1, not 3");
}

TEST_CASE("every reduction is its definition, along neighbouring and along distant axes") {
  const auto x = tensor({2, 3}, {1.0, 2.0, 4.0, 3.0, 3.0, 0.5});
  const auto along = [&](const OpPtr& op) { return elements(forward(op, {x})); };
  using Values = std::vector<double>;
  CHECK(along(prod_op({-1})) == Values{8, 4.5});
  CHECK(along(prod_op({-2})) == Values{3, 6, 2});
  CHECK(along(max_of_op({-1})) == Values{4, 3});
  CHECK(along(max_of_op({-2})) == Values{3, 3, 4});
  CHECK(along(min_of_op({-1})) == Values{1, 0.5});
  CHECK(along(sum_square_op({-1})) == Values{21, 18.25});
  CHECK(along(l2_norm_op({-1})) == Values{std::sqrt(21), std::sqrt(18.25)});
  CHECK(along(log_sum_op({-1})) == Values{std::log(7), std::log(6.5)});
  CHECK(along(log_sum_exp_op({-2}))[0] == doctest::Approx(std::log(std::exp(1) + std::exp(3))).epsilon(1e-15));
  CHECK(elements(forward(l1_norm_op(), {tensor({3}, {-1.0, 2.0, -4.0})})) == Values{7});
  CHECK(elements(forward(max_of_op(), {tensor({3}, {-5.0, -2.0, -4.0})})) == Values{-2});
}

TEST_CASE("the adjoint of an extreme goes to the first of equal elements, of a norm of zeros nowhere") {
  using Values = std::vector<double>;
  const auto g = tensor({1}, {2.0});
  const auto ties = tensor({1, 4}, {1.0, 3.0, 3.0, 1.0});
  CHECK(elements(backward(max_of_op({-1}), {ties}, g, 0)) == Values{0, 2, 0, 0});
  CHECK(elements(backward(min_of_op({-1}), {ties}, g, 0)) == Values{2, 0, 0, 0});
  CHECK(elements(backward(l2_norm_op({-1}), {tensor({1, 2}, {0.0, 0.0})}, g, 0)) == Values{0, 0});
  CHECK(elements(backward(l1_norm_op({-1}), {tensor({1, 2}, {0.0, -1.0})}, g, 0)) == Values{0, -2});
}

TEST_CASE("the adjoint of a product knows the other factors where one or more are 0") {
  using Values = std::vector<double>;
  const auto g = tensor({1}, {1.0});
  CHECK(elements(backward(prod_op({-1}), {tensor({1, 3}, {2.0, 0.0, 5.0})}, g, 0)) == Values{0, 10, 0});
  CHECK(elements(backward(prod_op({-1}), {tensor({1, 3}, {0.0, 0.0, 5.0})}, g, 0)) == Values{0, 0, 0});
}

TEST_CASE("log_sum_exp does not overflow, and a NaN is the largest and the smallest element") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(*forward(log_sum_exp_op(), {tensor({2}, {1000.0, 1000.0})}).data() == 1000 + std::log(2));
  CHECK(*forward(log_sum_exp_op(), {tensor({2}, {-infinity, 3.0})}).data() == 3);
  CHECK(*forward(log_sum_exp_op(), {tensor({2}, {-infinity, -infinity})}).data() == -infinity);
  CHECK(*forward(log_sum_exp_op(), {tensor({2}, {infinity, 3.0})}).data() == infinity);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const OpPtr& op : {max_of_op({-1}), min_of_op({-1}), max_of_op({-2}), min_of_op({-2})})
    CHECK(std::isnan(*forward(op, {tensor({2, 2}, {nan, 1.0, 2.0, 3.0})}).data()));
}

TEST_CASE("max and min in the language reduce one tensor and compare several") {
  const Argument x = vertex({batch, 4, 6});
  CHECK(call("max", {x})->shape == Shape{batch, 1});
  CHECK(call("min", {x}, {{"axis", number(0)}})->shape == Shape{batch, 6});
  CHECK(call("max", {x, number(0), vertex({batch, 1, 6})})->shape == Shape{batch, 4, 6});
  CHECK(complaint([&] {
          call("max", {x, number(0)}, {{"axis", number(0)}});
        }) == "max of several tensors goes element by element: it takes neither axis nor keep");
  for (const char* name : {"prod", "l1_norm", "l2_norm", "sum_square", "log_sum", "log_sum_exp"})
    CHECK(call(name, {x}, {{"axis", number(1)}})->shape == Shape{batch, 4});
}
