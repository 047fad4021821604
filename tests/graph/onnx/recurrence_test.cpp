// RNN, LSTM and GRU nodes, unrolled, against their definition in plain loops.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "graph/error.hpp"
#include "tests/support/onnx_model.hpp"
#include "tests/support/recurrence.hpp"

using namespace settle;
using namespace settle::test;

namespace {

struct Case {
  Options options;
  Operands operands;
  onnx::Model model;
  Tensors inputs;

  explicit Case(const Options& o) : options(o), operands(o) {
    const bool lstm = o.op == "LSTM";
    onnx::NodeSpec node;
    node.op = o.op;
    node.inputs = {"X", "W", "R"};
    node.outputs = {"Y", "Y_h"};
    if (lstm) node.outputs.emplace_back("Y_c");
    node.attributes["hidden_size"] = kHidden;
    node.attributes["direction"] = o.direction;
    node.attributes["layout"] = std::int64_t{o.batch_first};
    if (o.clip > 0) node.attributes["clip"] = o.clip;
    if (lstm) node.attributes["input_forget"] = std::int64_t{o.coupled};
    if (o.op == "GRU") node.attributes["linear_before_reset"] = std::int64_t{o.linear_before_reset};
    if (o.other_activations) name_activations(node);
    const auto placed = [&](const Tensor<double>& x) { return o.batch_first ? turned(x) : x; };
    inputs["X"] = placed(operands.x);
    Tensors weights{{"W", operands.w}, {"R", operands.r}};
    if (o.everything) {
      node.inputs.insert(node.inputs.end(), {"B", "lengths", "H0"});
      weights["B"] = operands.b;
      inputs["H0"] = placed(operands.h0);
      if (lstm) {
        node.inputs.insert(node.inputs.end(), {"C0", "P"});
        inputs["C0"] = placed(operands.c0);
        weights["P"] = operands.p;
      }
    }
    model = model_of_node(node, 17, inputs, weights);
    if (!o.everything) return;
    Tensor<double> ends(Shape{kBatch});
    std::ranges::copy(lengths, ends.data());
    model.initialisers.push_back({"lengths", onnx::ElementType::int32, std::make_shared<const Tensor<double>>(ends)});
  }

  void name_activations(onnx::NodeSpec& node) const {
    const std::vector<std::string> one{"HardSigmoid", "Softsign", "LeakyRelu"};
    std::vector<std::string> names;
    std::vector<double> alphas, betas;
    for (std::int64_t d = 0; d < options.directions(); ++d) {
      if (options.op == "RNN") {
        names.emplace_back("Softsign");
        continue;
      }
      names.insert(names.end(), one.begin(), one.begin() + static_cast<std::ptrdiff_t>(options.functions()));
      alphas.push_back(0.3);
      betas.push_back(0.4);
      if (options.op == "LSTM") alphas.push_back(0.2);
    }
    node.attributes["activations"] = names;
    node.attributes["activation_alpha"] = alphas;
    node.attributes["activation_beta"] = betas;
  }
};

void check_close(const std::vector<double>& actual, const std::vector<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) worst = std::max(worst, std::abs(actual[i] - expected[i]));
  CHECK(worst < 1e-12);
}

// An output of the node with time, or directions, first.
std::vector<double> with_batch_last(const Options& o, const std::vector<double>& y, std::int64_t before) {
  if (!o.batch_first) return y;
  const Tensor<double> flat(Shape{kBatch, before, kHidden}, std::span<const double>(y));
  const Tensor<double> back = turned(flat);
  return {back.flat().begin(), back.flat().end()};
}

void check_case(const Options& o) {
  CAPTURE(o.op);
  CAPTURE(o.direction);
  CAPTURE(o.everything);
  const Case one(o);
  ImportedRun run(onnx::import_model(one.model), one.inputs);
  run.loss();
  const Results expected = by_definition(o, one.operands);
  check_close(with_batch_last(o, run.output("Y"), kTime * o.directions()), expected.y);
  check_close(with_batch_last(o, run.output("Y_h"), o.directions()), expected.y_h);
  if (o.op == "LSTM") check_close(with_batch_last(o, run.output("Y_c"), o.directions()), expected.y_c);
}

constexpr const char* kOps[] = {"RNN", "LSTM", "GRU"};
constexpr const char* kDirections[] = {"forward", "reverse", "bidirectional"};

}  // namespace

TEST_CASE("RNN, LSTM and GRU are their definition in every direction, with and without their optional inputs") {
  for (const char* op : kOps)
    for (const char* direction : kDirections)
      for (const bool everything : {false, true}) {
        check_case({.op = op, .direction = direction, .everything = everything});
        check_case({.op = op, .direction = direction, .everything = everything, .batch_first = true});
      }
}

TEST_CASE("RNN, LSTM and GRU follow their attributes: clip, activations, input_forget, linear_before_reset") {
  for (const char* op : kOps)
    for (const char* direction : kDirections) {
      check_case({.op = op, .direction = direction, .everything = true, .clip = 0.6});
      check_case({.op = op, .direction = direction, .everything = true, .other_activations = true});
    }
  for (const bool everything : {false, true}) {
    check_case({.op = "LSTM", .everything = everything, .coupled = true});
    check_case({.op = "GRU", .everything = everything, .linear_before_reset = true});
  }
}

TEST_CASE("every gate and state of an unrolled LSTM is a vertex, and its initialisers keep their names") {
  const Case one({.op = "LSTM", .direction = "bidirectional", .everything = true});
  const GraphPtr graph = onnx::import_model(one.model).graph;
  for (const char* direction : {"forward", "reverse"})
    for (std::int64_t t = 0; t < kTime; ++t)
      for (const char* what : {"input", "forget", "candidate", "cell", "output", "hidden"}) {
        const std::string name = "Y." + std::string(direction) + "." + std::to_string(t) + "." + what;
        CAPTURE(name);
        CHECK(graph->find(name));
      }
  for (const char* name : {"W", "R", "B", "P"}) {
    REQUIRE(graph->find(name));
    CHECK((*graph)[*graph->find(name)].kind == VertexKind::parameter);
  }
}

TEST_CASE("gradients of an unrolled LSTM and GRU are differences of the loss, and fixed prediction's to the last bit") {
  for (const char* op : {"LSTM", "GRU"}) {
    const Case one({.op = op, .direction = "bidirectional", .everything = true});
    ImportedRun run(onnx::import_model(one.model), one.inputs);
    Reference<double>& reference = run.reference;
    const Graph& graph = *run.imported.graph;
    run.loss();
    reference.backprop();
    reference.collect_leaf_feedback(false);
    std::uint32_t longest = 0;
    for (const Vertex& vertex : graph.vertices()) longest = std::max(longest, vertex.depth);
    ImportedRun relaxed(onnx::import_model(one.model), one.inputs);
    relaxed.loss();
    relaxed.reference.relax(*fixed_prediction<double>(1), longest);
    relaxed.reference.collect_leaf_feedback(false);
    ImportedRun moved(onnx::import_model(one.model), one.inputs);
    for (VertexId id = 0; id < graph.size(); ++id) {
      if (graph[id].kind != VertexKind::parameter) continue;
      CAPTURE(graph[id].name);
      const Tensor<double> gradient = reference.node(id).read_out()[0];
      CHECK(std::ranges::equal(relaxed.reference.node(id).read_out()[0].flat(), gradient.flat()));
      const Tensor<double> theta = reference.node(id).parameter(0);
      for (std::int64_t i = 0; i < theta.size(); i += 3) {
        constexpr double step = 1e-5;
        const auto loss_at = [&](double x) {
          Tensor<double> other = theta;
          other.data()[i] = x;
          moved.reference.node(id).set_parameter(0, std::as_const(other).view());
          return moved.loss();
        };
        const double slope = (loss_at(theta.data()[i] + step) - loss_at(theta.data()[i] - step)) / (2 * step);
        moved.reference.node(id).set_parameter(0, theta.view());
        CHECK(gradient.data()[i] == doctest::Approx(slope).epsilon(1e-6).scale(1));
      }
    }
  }
}

TEST_CASE("a recurrent node that does not fit is refused with what it should be") {
  const auto refused = [](const std::function<void(Case&)>& spoil) -> std::string {
    Case one({.op = "LSTM", .everything = true});
    spoil(one);
    try {
      onnx::import_model(one.model);
    } catch (const BadConfig& error) {
      return error.what();
    }
    return {};
  };
  const auto initialiser = [](Case& one, const std::string& name) -> onnx::Literal& {
    return *std::ranges::find(one.model.initialisers, name, &onnx::Literal::name);
  };
  CHECK(refused([](Case& one) {
          one.model.nodes[0].attributes["direction"] = std::string("up");
        }).ends_with("direction 'up' is not one"));
  CHECK(refused([](Case& one) {
          one.model.nodes[0].attributes["activations"] = std::vector<std::string>{"Tanh"};
        }).ends_with("it needs 3 activations, not 1"));
  CHECK(refused([](Case& one) {
          one.model.nodes[0].attributes["activations"] = std::vector<std::string>{"Tanh", "Sine", "Tanh"};
        }).ends_with("activation 'Sine'"));
  CHECK(refused([&](Case& one) {
          initialiser(one, "R").values = std::make_shared<const Tensor<double>>(Shape{1, 8, 3});
        }).ends_with("W must be [1, 12, 2], not [1, 8, 2]"));
  CHECK(refused([&](Case& one) {
          initialiser(one, "lengths").values =
              std::make_shared<const Tensor<double>>(Shape{3}, std::vector<double>{5, 1, 1});
        }).ends_with("a length of 5 in a sequence of 4 steps"));
  CHECK(refused([](Case& one) {
          one.model.nodes[0].attributes["hidden_size"] = std::int64_t{3};
        }).ends_with("hidden_size is 3, R [1, 8, 2]"));
}
