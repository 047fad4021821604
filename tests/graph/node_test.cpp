#include "graph/node.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/builder.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/layout.hpp"

using namespace settle;

namespace {

const OptimizerSettings kSgd;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Payload<double> payload(const Shape& shape, std::initializer_list<double> values) {
  return Payload<double>(Tensor<double>(shape, std::span<const double>(values.begin(), values.size())));
}

// h between x and two children.
struct Middle {
  Middle() {
    node.begin_trial(1, false);
    node.set_parent(0, payload({1, 3}, {1, 2, 3}));
    node.predict();
  }
  GraphPtr graph = parse_graph(
      "x ~ input(3)\nh ~ normal(2 * x, precision=4)\ny ~ normal(h)\nz ~ normal(sin(h))\nw ~ normal(exp(h))", "m.graph");
  Node<double> node{*graph, 1, 0, kSgd};
};

std::vector<double> list(const Payload<double>& tensor) { return {tensor->flat().begin(), tensor->flat().end()}; }

}  // namespace

TEST_CASE("feedback is summed in slot order from the first that is there, none is null, one is that very tensor") {
  Middle middle;
  CHECK(middle.node.sum_feedback() == nullptr);
  const Payload<double> one = payload({1, 3}, {1e16, 1, 0});
  middle.node.set_feedback(1, one);
  CHECK(middle.node.sum_feedback() == one);
  middle.node.set_feedback(0, payload({1, 3}, {1, -1, 2}));
  middle.node.set_feedback(2, payload({1, 3}, {-1e16, 0.5, 1}));
  // (1 + 1e16) - 1e16 is 0 in float64: the order shows.
  CHECK(list(middle.node.sum_feedback()) == std::vector<double>{0, 0.5, 3});
}

TEST_CASE(
    "a free vertex starts at its prediction without error, and its energy is half the precision times the squared "
    "error") {
  Middle middle;
  CHECK(list(middle.node.value()) == std::vector<double>{2, 4, 6});
  CHECK(middle.node.weighted_error() == nullptr);
  CHECK(middle.node.energy() == 0);
  CHECK(middle.node.feedback(0) == nullptr);
  // v <- v + 0.5 S, then xi = 4 (v - v^).
  middle.node.set_feedback(0, payload({1, 3}, {2, 0, -4}));
  middle.node.move_value(0.5);
  middle.node.form_weighted_error();
  CHECK(list(middle.node.value()) == std::vector<double>{3, 4, 4});
  CHECK(middle.node.weighted_error()->flat()[0] == 4);
  CHECK(middle.node.weighted_error()->flat()[2] == -8);
  CHECK(middle.node.energy() == 0.5 * 4 * (1 + 4));
  CHECK(list(middle.node.feedback(0)) == std::vector<double>{8, 0, -16});
}

TEST_CASE("under strict a free vertex without children whose energy gives no force follows its prediction") {
  for (const char* energy : {"categorical", "bernoulli"}) {
    CAPTURE(energy);
    const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ " + std::string(energy) + "(x)", "m.graph");
    Node<double> node(*graph, 1, 0, kSgd);
    node.begin_trial(1, false);
    node.set_parent(0, payload({1, 2}, {1, 2}));
    node.predict();
    node.set_parent(0, payload({1, 2}, {-1, 3}));
    strict<double>(0.1)->refresh(node, 0);
    CHECK(node.value() == node.prediction());
    CHECK(node.feedback(0) == nullptr);
    CHECK(node.energy() == 0);
  }
}

TEST_CASE("a change names the largest step and the largest magnitude, and NaN wherever one is among them") {
  for (const std::size_t at : {std::size_t{0}, std::size_t{1500}, std::size_t{2999}}) {
    const GraphPtr graph = parse_graph("x ~ input(3000)\nh ~ normal(0 * x)\ny ~ normal(h)", "m.graph");
    Node<double> node(*graph, 1, 0, kSgd);
    node.begin_trial(1, false);
    node.set_parent(0, Payload<double>(Tensor<double>(Shape{1, 3000})));
    node.predict();
    Tensor<double> sum({1, 3000});
    sum.data()[at] = -8;
    node.set_feedback(0, Payload<double>(sum));
    const Change moved = node.move_value(0.5);
    CHECK(moved.largest == 4);
    CHECK(moved.magnitude == 4);
    sum.data()[at] = kNan;
    const auto check_poisoned = [](const Change& change) {
      CHECK(std::isnan(change.magnitude));
      CHECK_FALSE(change.settled(1));
    };
    node.set_feedback(0, Payload<double>(sum));
    check_poisoned(node.move_value(0.5));
    check_poisoned(node.blend_weighted_error(0.5));
    check_poisoned(node.blend_weighted_error(0.5));
    node.set_feedback(0, nullptr);
    check_poisoned(node.blend_weighted_error(0.5));
  }
}

TEST_CASE("blending forgets and takes in at the rate, feedback of nothing lets the error decay") {
  Middle middle;
  middle.node.set_feedback(0, payload({1, 3}, {8, -4, 0}));
  middle.node.blend_weighted_error(0.25);
  middle.node.set_feedback(0, payload({1, 3}, {0, 8, 4}));
  middle.node.blend_weighted_error(0.25);
  CHECK(middle.node.weighted_error()->flat()[0] == 1.5);
  CHECK(middle.node.weighted_error()->flat()[1] == 1.25);
  CHECK(middle.node.weighted_error()->flat()[2] == 1);
  middle.node.set_feedback(0, nullptr);
  const Change change = middle.node.blend_weighted_error(0.5);
  CHECK(middle.node.weighted_error()->flat()[0] == 0.75);
  CHECK(change.largest == 0.75);
}

TEST_CASE("a payload that was handed out is never written again") {
  Middle middle;
  middle.node.set_feedback(0, payload({1, 3}, {1, 1, 1}));
  middle.node.set_feedback(1, payload({1, 3}, {1, 1, 1}));
  const Payload<double> value = middle.node.value(), sum = middle.node.sum_feedback();
  middle.node.assign_weighted_error(sum);
  const Payload<double> feedback = middle.node.feedback(0);
  const auto values = list(value), sums = list(sum), feedbacks = list(feedback);
  for (int trial = 0; trial < 3; ++trial) {
    middle.node.begin_trial(1, false);
    middle.node.set_parent(0, payload({1, 3}, {-1, 5, 7}));
    middle.node.predict();
    middle.node.set_feedback(0, payload({1, 3}, {9, 9, 9}));
    middle.node.set_feedback(1, payload({1, 3}, {9, 9, 9}));
    middle.node.assign_weighted_error(middle.node.sum_feedback());
    middle.node.feedback(0);
    middle.node.move_value(1);
  }
  CHECK(list(value) == values);
  CHECK(list(sum) == sums);
  CHECK(list(feedback) == feedbacks);
}

TEST_CASE("parameters that multiply each other all learn from their values before the step, under every optimizer") {
  // y = p * q * x + p * p, so d y / d p = q x + 2 p and d y / d q = p x.
  for (const double clip : {std::numeric_limits<double>::infinity(), 1e9}) {
    GraphBuilder model;
    const VertexId x = model.input("x", {1});
    const auto parameter = [](const char* name, double start) {
      return own_parameter({name, {1}, {Initializer::Kind::constant, start}});
    };
    const ExpressionPtr p = parameter("y.p", 2), q = parameter("y.q", 3);
    const ExpressionPtr product = apply(mul_op(), {apply(mul_op(), {p, q}), model.use(x)});
    model.normal("y", apply(add_op(), {product, apply(mul_op(), {p, p})}));
    const GraphPtr graph = model.build();
    OptimizerSettings sgd;
    sgd.learning_rate = 0.01;
    sgd.clip = clip;
    Node<double> node(*graph, 1, 0, sgd);
    node.begin_trial(1, true);
    node.hold([](Tensor<double>& data) { data.fill(20); });
    node.set_parent(0, payload({1, 1}, {0.5}));
    node.predict();
    const double xi = 20 - (2 * 3 * 0.5 + 4);
    CHECK(node.weighted_error()->flat()[0] == xi);
    CHECK(node.learn(1));
    CHECK(node.parameter(0).flat()[0] == doctest::Approx(2 + 0.01 * xi * (3 * 0.5 + 2 * 2)).epsilon(1e-14));
    CHECK(node.parameter(1).flat()[0] == doctest::Approx(3 + 0.01 * xi * (2 * 0.5)).epsilon(1e-14));
  }
}

TEST_CASE("a linear map's weight and bias learn in place, parameters that read each other do not") {
  const GraphPtr graph = parse_graph("x ~ input(3)\ny ~ normal(linear(tanh(linear(x, 4)), 2))", "m.graph");
  CHECK(Evaluator<double>(*(*graph)[1].program).parameters_in_place());
  GraphBuilder model;
  model.input("x", {1});
  const ExpressionPtr p = own_parameter({"y.p", {1}, {}});
  model.normal("y", apply(add_op(), {apply(mul_op(), {p, p}), model.use(0)}));
  CHECK_FALSE((*model.build())[1].program->parameters_in_place);
}

TEST_CASE("a shared parameter that is told something not finite stays as it is and says so") {
  const GraphPtr graph = parse_graph("x ~ input(2)\np ~ parameter(2, init=1)\ny ~ normal(p * x)", "m.graph");
  Node<double> node(*graph, graph->find("p").value(), 0, kSgd);
  for (const double bad : {kNan, std::numeric_limits<double>::infinity()}) {
    node.begin_trial(1, false);
    node.set_feedback(0, payload({2}, {0.5, bad}));
    CHECK_FALSE(node.learn(1));
    CHECK(node.parameter(0).flat()[0] == 1);
  }
  node.begin_trial(1, false);
  node.set_feedback(0, payload({2}, {0.5, 1}));
  CHECK(node.learn(1));
  CHECK(node.parameter(0).flat()[0] == doctest::Approx(1.005));
}
