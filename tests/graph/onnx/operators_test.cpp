// Handlers of single operators: attributes, operator sets, and what they refuse. (The ONNX project's own tests of
// operators run through `settle onnx-test`.)
#include <doctest/doctest.h>

#include <cmath>

#include "graph/onnx/error.hpp"
#include "tests/support/onnx_model.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using Values = std::vector<double>;
using Integers = std::vector<std::int64_t>;

Tensor<double> tensor(const Shape& shape, const Values& values) { return {shape, std::span<const double>(values)}; }

struct OneNode {
  onnx::NodeSpec spec;
  std::int64_t opset = 17;
  Tensors inputs;   // data
  Tensors weights;  // initialisers of float
  Tensors numbers;  // initialisers of int64

  OneNode(const std::string& op, const std::vector<std::string>& names) {
    spec.op = op;
    spec.inputs = names;
    spec.outputs = {"y"};
  }

  onnx::Imported imported() const {
    onnx::Model model = model_of_node(spec, opset, inputs, weights);
    for (const auto& [name, values] : numbers)
      model.initialisers.push_back({name, onnx::ElementType::int64, std::make_shared<const Tensor<double>>(values)});
    return onnx::import_model(model);
  }

  Values output(const std::string& name = "y") const {
    ImportedRun run(imported(), inputs);
    run.loss();
    return run.output(name);
  }

  std::string refusal() const {
    try {
      imported();
    } catch (const BadConfig& error) {
      return error.what();
    }
    return {};
  }
};

const Tensor<double> x = tensor({2, 3}, {1, -2, 3, 4, 5, -6});

}  // namespace

TEST_CASE("reductions take their axes as an attribute, and sums as an input from operator set 13 on") {
  OneNode sum("ReduceSum", {"x"});
  sum.inputs["x"] = x;
  sum.opset = 11;
  sum.spec.attributes["axes"] = Integers{-1};
  CHECK(sum.output() == Values{2, 3});
  OneNode later("ReduceSum", {"x", "axes"});
  later.inputs["x"] = x;
  later.numbers["axes"] = tensor({1}, {0});
  CHECK(later.output() == Values{5, 3, -3});
  OneNode none("ReduceSum", {"x"});
  none.inputs["x"] = x;
  CHECK(none.output() == Values{5});
  none.spec.attributes["noop_with_empty_axes"] = std::int64_t{1};
  CHECK(none.output() == Values{1, -2, 3, 4, 5, -6});
  OneNode largest("ReduceMax", {"x"});
  largest.inputs["x"] = x;
  largest.spec.attributes["axes"] = Integers{1};
  largest.spec.attributes["keepdims"] = std::int64_t{0};
  CHECK(largest.output() == Values{3, 5});
  OneNode norm("ReduceL1", {"x"});
  norm.inputs["x"] = tensor({}, {-3});
  CHECK(norm.output() == Values{3});
}

TEST_CASE("gather and scatter take axes and indices from either end, and check constant indices") {
  OneNode gather("Gather", {"x", "i"});
  gather.inputs["x"] = x;
  gather.numbers["i"] = tensor({2}, {-1, 0});
  gather.spec.attributes["axis"] = std::int64_t{-1};
  CHECK(gather.output() == Values{3, 1, -6, 4});
  gather.numbers["i"] = tensor({2}, {0, 3});
  CHECK(gather.refusal().find("gather has an index that [2, 3] does not have") != std::string::npos);
  OneNode scatter("ScatterElements", {"x", "i", "u"});
  scatter.inputs["x"] = x;
  scatter.numbers["i"] = tensor({1, 2}, {1, 1});
  scatter.weights["u"] = tensor({1, 2}, {10, 20});
  CHECK(scatter.output() == Values{1, -2, 3, 10, 20, -6});
  scatter.spec.attributes["reduction"] = std::string("mul");
  CHECK(scatter.output() == Values{1, -2, 3, 40, 100, -6});
  scatter.spec.attributes["reduction"] = std::string("max");
  CHECK(scatter.refusal().ends_with("reduction 'max'"));
}

TEST_CASE("one-hot takes its values from a tensor, argmax the last of equals where it is told to") {
  OneNode one_hot("OneHot", {"x", "depth", "values"});
  one_hot.inputs["x"] = tensor({2}, {1, -1});
  one_hot.numbers["depth"] = tensor({}, {3});
  one_hot.weights["values"] = tensor({2}, {-1, 5});
  CHECK(one_hot.output() == Values{-1, 5, -1, -1, -1, 5});
  one_hot.spec.attributes["axis"] = std::int64_t{0};
  CHECK(one_hot.output() == Values{-1, -1, 5, -1, -1, 5});
  OneNode argmax("ArgMax", {"x"});
  argmax.inputs["x"] = tensor({1, 3}, {7, 7, 1});
  argmax.spec.attributes["axis"] = std::int64_t{1};
  CHECK(argmax.output() == Values{0});
  argmax.spec.attributes["select_last_index"] = std::int64_t{1};
  CHECK(argmax.output() == Values{1});
}

TEST_CASE("dropout is its input and a mask of ones, and is refused in training mode") {
  OneNode dropout("Dropout", {"x", "ratio", "training"});
  dropout.inputs["x"] = x;
  dropout.weights["ratio"] = tensor({}, {0.5});
  dropout.numbers["training"] = tensor({}, {0});
  dropout.spec.outputs = {"y", "mask"};
  CHECK(dropout.output() == Values{1, -2, 3, 4, 5, -6});
  const onnx::Imported imported = dropout.imported();
  CHECK(imported.outputs[1].type == onnx::ElementType::boolean);
  CHECK(std::ranges::all_of(imported.outputs[1].constant.flat(), [](double kept) { return kept == 1; }));
  dropout.numbers["training"] = tensor({}, {1});
  CHECK(dropout.refusal().ends_with("training_mode = true: export the model for inference"));
}

TEST_CASE("PRelu trains its slope, which broadcasts to the input and not the other way round") {
  OneNode prelu("PRelu", {"x", "slope"});
  prelu.inputs["x"] = x;
  prelu.weights["slope"] = tensor({3}, {0.5, 0.5, 2});
  CHECK(prelu.output() == Values{1, -1, 3, 4, 5, -12});
  CHECK(prelu.imported().graph->parameter_count() == 3);
  prelu.weights["slope"] = tensor({2, 2, 3}, Values(12, 1));
  CHECK(prelu.refusal().ends_with("slope [2, 2, 3] does not broadcast to [2, 3]"));
}

TEST_CASE("comparisons give truth values that where and logic take") {
  OneNode less("Less", {"x", "limit"});
  less.inputs["x"] = x;
  less.weights["limit"] = tensor({}, {1});
  const onnx::Imported imported = less.imported();
  CHECK(imported.outputs[0].type == onnx::ElementType::boolean);
  CHECK(less.output() == Values{0, 1, 0, 0, 0, 1});
  less.spec.op = "LessOrEqual";
  CHECK(less.output() == Values{1, 1, 0, 0, 0, 1});
  less.opset = 11;
  CHECK(less.refusal().ends_with("this operator is supported from operator set 12 on"));
  OneNode where("Where", {"c", "x", "z"});
  where.numbers["c"] = tensor({3}, {1, 0, 1});
  where.inputs["x"] = x;
  where.weights["z"] = tensor({1}, {9});
  CHECK(where.output() == Values{1, 9, 3, 4, 9, -6});
  OneNode trilu("Trilu", {"x", "k"});
  trilu.inputs["x"] = x;
  trilu.numbers["k"] = tensor({}, {1});
  CHECK(trilu.output() == Values{0, -2, 3, 0, 0, -6});
}

TEST_CASE("a loss takes its classes' weights as options, which are not trained") {
  OneNode loss("NegativeLogLikelihoodLoss", {"x", "t", "w"});
  loss.inputs["x"] = x;
  loss.numbers["t"] = tensor({2}, {1, 2});
  loss.weights["w"] = tensor({3}, {1, 3, 1});
  CHECK(loss.output() == Values{(2.0 * 3 + 6.0 * 1) / 4});
  CHECK(loss.imported().graph->parameter_count() == 0);
  loss.spec.attributes["reduction"] = std::string("none");
  loss.spec.attributes["ignore_index"] = std::int64_t{2};
  CHECK(loss.output() == Values{6, 0});
  loss.spec.attributes["reduction"] = std::string("most");
  CHECK(loss.refusal().ends_with("reduction 'most' is not one"));
  OneNode entropy("SoftmaxCrossEntropyLoss", {"x", "t"});
  entropy.inputs["x"] = tensor({1, 2}, {3, 3});
  entropy.numbers["t"] = tensor({1}, {0});
  entropy.spec.outputs = {"y", "p"};
  CHECK(entropy.output()[0] == doctest::Approx(std::log(2)).epsilon(1e-15));
  CHECK(entropy.output("p")[1] == doctest::Approx(-std::log(2)).epsilon(1e-15));
}
