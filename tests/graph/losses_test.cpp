#include "graph/ops/losses.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/ops/composed.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

// The definition, in loops, over x [n, classes, d], t [n, d].
std::vector<double> by_definition(const Tensor<double>& x, const Tensor<double>& t, const std::vector<double>& weight,
                                  const LossOptions& options) {
  const std::int64_t classes = x.shape()[1];
  const std::int64_t inner = x.shape()[2];
  std::vector<double> losses;
  double total = 0, share = 0;
  for (std::int64_t i = 0; i < t.size(); ++i) {
    const auto target = static_cast<std::int64_t>(t.data()[i]);
    const bool ignored = options.ignored && target == *options.ignored;
    const double w = ignored ? 0 : weight[static_cast<std::size_t>(target)];
    const double log_p = ignored ? 0 : x.data()[(i / inner * classes + target) * inner + i % inner];
    losses.push_back(-w * log_p);
    total += losses.back();
    share += w;
  }
  if (options.reduction == LossReduction::none) return losses;
  return {options.reduction == LossReduction::sum ? total : total / share};
}

const Tensor<double> logarithms =
    tensor({2, 3, 2}, {-1.0, -0.5, -2.0, -1.5, -0.25, -3.0, -0.7, -1.1, -1.3, -0.2, -2.2, -0.9});

}  // namespace

TEST_CASE(
    "negative_log_likelihood is its definition, for every reduction, with and without weights and ignored classes") {
  const std::vector<double> weight{0.5, 2.0, 3.0};
  for (const LossReduction reduction : {LossReduction::none, LossReduction::sum, LossReduction::mean})
    for (const bool weighted : {false, true})
      for (const std::optional<std::int64_t> ignored : {std::optional<std::int64_t>{}, {1}, {-100}}) {
        const LossOptions options{reduction, ignored};
        const auto target = tensor({2, 2}, {0.0, 1.0, 2.0, ignored == -100 ? -100.0 : 1.0});
        const OpPtr loss = composed_op("loss", [&](const std::vector<ExpressionPtr>& inputs) {
          return negative_log_likelihood(inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : nullptr, options);
        });
        std::vector<Tensor<double>> operands{logarithms, target};
        if (weighted) operands.push_back(tensor({3}, weight));
        const auto expected =
            by_definition(logarithms, target, weighted ? weight : std::vector<double>{1, 1, 1}, options);
        const auto actual = elements(forward(loss, operands));
        CAPTURE(static_cast<int>(reduction));
        CAPTURE(weighted);
        REQUIRE(actual.size() == expected.size());
        for (std::size_t i = 0; i < actual.size(); ++i) CHECK(actual[i] == doctest::Approx(expected[i]).epsilon(1e-14));
      }
}

TEST_CASE("softmax_cross_entropy is the likelihood of log_softmax along the classes") {
  const OpPtr loss = composed_op("loss", [](const std::vector<ExpressionPtr>& inputs) {
    return softmax_cross_entropy(inputs[0], inputs[1], nullptr, {}).loss;
  });
  const double expected = (std::log(1 + std::exp(2.0)) + std::log(2.0)) / 2;
  CHECK(*forward(loss, {tensor({2, 2}, {1.0, 3.0, 4.0, 4.0}), tensor({2}, {0.0, 1.0})}).data() ==
        doctest::Approx(expected).epsilon(1e-14));
  CHECK(std::isnan(*forward(loss, {tensor({1, 2}, {1.0, 3.0}), tensor({1}, {2.0})}).data()));
}

TEST_CASE("losses in the language are one number a sample") {
  CHECK(call("cross_entropy", {vertex({batch, 10}), vertex({batch})})->shape == Shape{batch, 1});
  CHECK(call("nll_loss", {vertex({batch, 10, 4}), vertex({batch, 4})}, {{"reduction", word("none")}})->shape ==
        Shape{batch, 4});
  CHECK(complaint([] {
          call("nll_loss", {vertex({batch, 3}), vertex({batch})}, {{"reduction", word("max")}});
        }) == "reduction of a loss must be none, sum or mean");
  CHECK(complaint([] {
          call("nll_loss", {vertex({3}), vertex({3})});
        }) == "a loss needs an axis of classes after the first, which [3] has not");
}
