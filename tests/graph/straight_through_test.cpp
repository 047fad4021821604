#include "graph/straight_through.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "graph/error.hpp"
#include "graph/ops/list.hpp"
#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

RandomModel held(const std::string& text, const std::vector<VertexId>& clamped) {
  RandomModel model;
  model.graph = parse_graph(text, "m.graph");
  model.clamped = clamp_set(*model.graph, clamped);
  model.batch = 3;
  return model;
}

}  // namespace

TEST_CASE("every name in the list of activation functions is that of an operator of one input that keeps its shape") {
  for (const std::string_view name : activation_functions()) {
    CAPTURE(name);
    bool found = false;
    for (const OperatorFamily& family : operator_families())
      for (const GradientCase& each : family.gradient_cases)
        found = found || (each.op->name() == name && each.inputs.size() == 1);
    CHECK(found);
  }
}

TEST_CASE("without the derivatives of activation functions feedback is W^T xi and learning xi x^T, values stay") {
  const RandomModel model =
      held("x ~ input(3)\nh ~ normal(tanh(linear(x, 4)))\ny ~ normal(sigmoid(linear(h, 2)))", {0, 2});
  const RandomData<double> data(model.graph, 1);
  Reference<double> exact(model.graph, 1, {});
  Reference<double> straight(straight_through(*model.graph), 1, {});
  const Trial trial = model.trial(LearnMode::read_out);
  CHECK(exact.predict(trial, data) == straight.predict(trial, data));
  straight.relax(*fixed_prediction<double>(1), 2);
  const Tensor<double> xi_y = straight.node(2).weighted_error().copy();
  const Tensor<double> xi_h = straight.node(1).weighted_error().copy();
  const Tensor<double>& weight = straight.node(2).parameter(0);
  const auto gradients = straight.node(1).read_out();
  for (int sample = 0; sample < 3; ++sample)
    for (int unit = 0; unit < 4; ++unit) {
      double expected = 0;
      for (int out = 0; out < 2; ++out) expected += weight.data()[4 * out + unit] * xi_y.data()[2 * sample + out];
      CHECK(xi_h.data()[4 * sample + unit] == doctest::Approx(expected).epsilon(1e-13));
    }
  for (int unit = 0; unit < 4; ++unit)
    for (int in = 0; in < 3; ++in) {
      double expected = 0;
      for (int sample = 0; sample < 3; ++sample)
        expected -= xi_h.data()[4 * sample + unit] * straight.node(0).value().data()[3 * sample + in];
      CHECK(gradients[0].data()[3 * unit + in] == doctest::Approx(expected).epsilon(1e-13));
    }
}

TEST_CASE("functions that are no activation functions keep their derivatives") {
  const RandomModel model = held("x ~ input(2)\nh ~ normal(sin(linear(x, 2)) * tanh(x))\ny ~ normal(h ^ 2)", {0, 2});
  const RandomData<double> data(model.graph, 1);
  Reference<double> exact(model.graph, 1, {});
  Reference<double> straight(straight_through(*model.graph), 1, {});
  for (Reference<double>* each : {&exact, &straight}) {
    each->predict(model.trial(LearnMode::read_out), data);
    each->backprop();
  }
  CHECK(same_bits(exact.node(1).weighted_error().copy(), straight.node(1).weighted_error().copy()));
  const auto a = exact.node(1).read_out(), b = straight.node(1).read_out();
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(same_bits(a[k], b[k]));
}

TEST_CASE("a model without an activation function has no derivative to do without, and is refused") {
  CHECK_THROWS_AS(straight_through(*parse_graph("x ~ input(2)\ny ~ normal(linear(x, 2))", "m.graph")), BadConfig);
}

TEST_CASE("strict relaxation without the derivatives of activation functions still learns a batch by heart") {
  const RandomModel model = held("x ~ input(4)\nh ~ normal(tanh(linear(x, 8)))\ny ~ normal(linear(h, 2))", {0, 2});
  const RandomData<double> data(model.graph, 5);
  OptimizerSettings optimizer;
  optimizer.learning_rate = 0.1;
  Reference<double> reference(straight_through(*model.graph), 1, optimizer);
  const Trial trial = model.trial(LearnMode::update);
  const double first = reference.predict(trial, data);
  double last = first;
  for (int k = 0; k < 300; ++k) {
    last = reference.predict(trial, data);
    reference.relax(*strict<double>(0.1), 30);
    reference.learn(1.0 / 3);
  }
  CHECK(last < 1e-3 * first);
}
