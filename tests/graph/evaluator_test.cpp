#include "graph/evaluator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "graph/builder.hpp"
#include "graph/compile.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/linear.hpp"
#include "graph/random.hpp"

using namespace settle;

namespace {

// Counts how often it runs: the identity.
class Counting final : public OpKernels<Counting> {
 public:
  explicit Counting(int& runs) : runs_(&runs) {}
  std::string_view name() const override { return "counting"; }
  Shape infer(std::span<const Shape> inputs) const override { return inputs[0]; }
  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> x, View<Scalar> y) const {
    ++*runs_;
    std::ranges::copy(x[0].flat(), y.data);
  }
  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    for (std::int64_t i = 0; i < call.result.size(); ++i)
      call.result.data[i] = call.accumulate ? call.result.data[i] + call.adjoint.data[i] : call.adjoint.data[i];
  }

 private:
  int* runs_;
};

Tensor<double> filled(const Shape& shape, std::uint64_t seed) {
  Tensor<double> tensor(shape);
  RandomStream random(seed, "values", "test");
  for (double& x : tensor.flat()) x = random.normal();
  return tensor;
}

// y = the only computed vertex of `text`, evaluated at random parents and parameters.
struct Fixture {
  explicit Fixture(const std::string& text) : graph(parse_graph(text, "m.graph")), evaluator(program()) {
    evaluator.bind(batch);
    for (std::uint32_t k = 0; k < program().parents + program().parameters; ++k)
      leaves.push_back(filled(program().shapes[k].with_batch(batch), k));
    for (std::uint32_t k = 0; k < leaves.size(); ++k) set(evaluator, k, leaves[k]);
    output = Tensor<double>(program().output_shape().with_batch(batch));
  }
  const Program& program() const { return *(*graph)[graph->find("y").value()].program; }
  void set(Evaluator<double>& target, std::uint32_t k, const Tensor<double>& values) const {
    if (k < program().parents)
      target.set_parent(k, values.view());
    else
      target.set_parameter(k - program().parents, values.view());
  }
  // From nothing: what an evaluator without a past gives for the present leaves.
  std::vector<double> fresh() const {
    Evaluator<double> other(program());
    other.bind(batch);
    for (std::uint32_t k = 0; k < leaves.size(); ++k) set(other, k, leaves[k]);
    Tensor<double> result(output.shape());
    other.forward(result.view());
    return {result.flat().begin(), result.flat().end()};
  }
  std::vector<double> run() {
    evaluator.forward(output.view());
    return {output.flat().begin(), output.flat().end()};
  }

  GraphPtr graph;
  std::int64_t batch = 3;
  Evaluator<double> evaluator;
  std::vector<Tensor<double>> leaves;
  Tensor<double> output;
};

const char* const kBusy = R"(
a ~ input(4)
b ~ input(4)
c ~ input(6)
s = tanh(linear(a, 4)) * b
y ~ normal(s + linear(concat(s, sin(b), flatten(reshape(c, 2, 3))), 4) / (2 + sin(a)))
)";

void check_adjoints_by_differences(const std::string& text) {
  CAPTURE(text);
  Fixture model(text);
  model.run();
  const Tensor<double> root = filled(model.output.shape(), 77);
  model.evaluator.set_root(root.view());
  std::vector<Tensor<double>> adjoints;
  for (std::uint32_t k = 0; k < model.leaves.size(); ++k) {
    adjoints.emplace_back(model.leaves[k].shape());
    if (k < model.program().parents)
      model.evaluator.parent_adjoint(k, adjoints[k].view());
    else
      model.evaluator.parameter_adjoint(k - model.program().parents, 1, adjoints[k].view(), false);
  }
  const auto objective = [&] {
    double sum = 0;
    const std::vector<double> y = model.fresh();
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * root.data()[i];
    return sum;
  };
  for (std::uint32_t k = 0; k < model.leaves.size(); ++k)
    for (std::int64_t i = 0; i < model.leaves[k].size(); ++i) {
      double& x = model.leaves[k].data()[i];
      const double kept = x;
      constexpr double h = 1e-5;
      x = kept + h;
      const double up = objective();
      x = kept - h;
      const double down = objective();
      x = kept;
      CAPTURE(k);
      CAPTURE(i);
      CHECK(std::abs(adjoints[k].data()[i] - (up - down) / (2 * h)) < 1e-8 * (1 + std::abs(adjoints[k].data()[i])));
    }
}

}  // namespace

TEST_CASE("after one parent or parameter has changed, what is recomputed is what a full evaluation gives") {
  Fixture model(kBusy);
  CHECK(model.run() == model.fresh());
  for (std::uint32_t k = 0; k < model.leaves.size(); ++k) {
    const std::vector<double> before = model.run();
    model.leaves[k] = filled(model.leaves[k].shape(), 100 + k);
    model.set(model.evaluator, k, model.leaves[k]);
    const std::vector<double> after = model.run();
    CAPTURE(k);
    CHECK(after == model.fresh());
    CHECK(after != before);
  }
}

TEST_CASE("a new batch size recomputes everything, and going back to the first does too") {
  Fixture model(kBusy);
  const std::vector<double> first = model.run();
  const std::vector<Tensor<double>> kept = model.leaves;
  for (const std::int64_t batch : {std::int64_t{5}, std::int64_t{1}}) {
    model.batch = batch;
    model.evaluator.bind(batch);
    for (std::uint32_t k = 0; k < model.leaves.size(); ++k) {
      model.leaves[k] = filled(model.program().shapes[k].with_batch(batch), k);
      model.set(model.evaluator, k, model.leaves[k]);
    }
    model.output.resize(model.program().output_shape().with_batch(batch));
    CHECK(model.run() == model.fresh());
  }
  model.batch = 3;
  model.evaluator.bind(3);
  model.leaves = kept;
  for (std::uint32_t k = 0; k < kept.size(); ++k) model.set(model.evaluator, k, model.leaves[k]);
  model.output.resize(model.program().output_shape().with_batch(3));
  CHECK(model.run() == first);
}

TEST_CASE("what depends on an unchanged parent only is computed once") {
  int heavy = 0, light = 0, last = 0;
  GraphBuilder model;
  const VertexId x = model.input("x", {2});
  const VertexId z = model.input("z", {2});
  const auto count = [](int& runs, const ExpressionPtr& of) {
    return apply(std::make_shared<const Counting>(runs), {of});
  };
  model.normal("y", count(last, apply(add_op(), {count(heavy, model.use(x)), count(light, model.use(z))})));
  const GraphPtr graph = model.build();
  const Vertex& y = (*graph)[graph->find("y").value()];
  Evaluator<double> evaluator(*y.program);
  evaluator.bind(1);
  const Tensor<double> a = filled({1, 2}, 1), b = filled({1, 2}, 2);
  Tensor<double> output({1, 2});
  evaluator.set_parent(0, a.view());
  evaluator.set_parent(1, b.view());
  CHECK(evaluator.forward(output.view()));
  for (int i = 0; i < 4; ++i) {
    evaluator.set_parent(1, b.view());
    CHECK(evaluator.forward(output.view()));
  }
  CHECK(heavy == 1);
  CHECK(light == 5);
  CHECK(last == 5);
  CHECK_FALSE(evaluator.forward(output.view()));
  CHECK(last == 5);
}

TEST_CASE("adjoints of every parent and parameter agree with central differences where subexpressions are shared") {
  check_adjoints_by_differences(kBusy);
}

TEST_CASE("adjoints that sums and new shapes pass on as they are agree with central differences") {
  const std::string inputs = "a ~ input(2, 3)\nb ~ input(6)\n";
  check_adjoints_by_differences(inputs + "y ~ normal(tanh(linear(flatten(a), 4) + (linear(b, 4) + linear(b, 4))))\n");
  check_adjoints_by_differences(inputs + "y ~ normal(exp(reshape(reshape(sin(b), 2, 3) + cos(a), 6)) + b)\n");
  check_adjoints_by_differences(inputs + "s = sin(b)\ny ~ normal(tanh((s + s) + (s + 2)) + flatten(exp(a) + a))\n");
}

TEST_CASE("an adjoint is a function of the root of the moment, whatever was asked before") {
  Fixture model(kBusy);
  model.run();
  const Tensor<double> first = filled(model.output.shape(), 1), second = filled(model.output.shape(), 2);
  const auto pull = [&](const Tensor<double>& root, std::uint32_t slot) {
    model.evaluator.set_root(root.view());
    Tensor<double> result(model.leaves[slot].shape());
    model.evaluator.parent_adjoint(slot, result.view());
    return std::vector<double>(result.flat().begin(), result.flat().end());
  };
  const auto expected = pull(second, 0);
  pull(first, 1);
  pull(first, 0);
  CHECK(pull(second, 0) == expected);
}

TEST_CASE("a parameter's adjoint is scaled and accumulated as asked") {
  Fixture model(kBusy);
  model.run();
  const Tensor<double> root = filled(model.output.shape(), 5);
  model.evaluator.set_root(root.view());
  Tensor<double> once({4, 4}), sum({4, 4});
  model.evaluator.parameter_adjoint(0, 1, once.view(), false);
  sum.fill(1);
  model.evaluator.parameter_adjoint(0, -0.5, sum.view(), true);
  for (std::int64_t i = 0; i < 16; ++i)
    CHECK(sum.data()[i] == doctest::Approx(1 - 0.5 * once.data()[i]).epsilon(1e-14));
}

TEST_CASE("one subexpression object is one register, a parameter name is one parameter, parents keep first-use order") {
  GraphBuilder model;
  const VertexId x = model.input("x", {3});
  const VertexId z = model.input("z", {3});
  const ExpressionPtr map = linear(model.use(z), 3, "y", false);
  const ExpressionPtr twice = apply(add_op(), {map, map});
  const Compiled compiled = compile(apply(add_op(), {apply(add_op(), {twice, model.use(x)}), model.use(z)}));
  CHECK(compiled.parents == std::vector<VertexId>{z, x});
  REQUIRE(compiled.parameters.size() == 1);
  CHECK(compiled.parameters[0].name == "y.weight");
  CHECK(compiled.program.instructions.size() == 4);
  CHECK(compiled.program.shapes.size() == 2 + 1 + 4);
  CHECK(compiled.program.output_shape() == Shape{Shape::kBatch, 3});
}

TEST_CASE("an expression that computes nothing is compiled into one copy") {
  GraphBuilder model;
  const VertexId x = model.input("x", {2, 2});
  CHECK(compile(model.use(x)).program.instructions.size() == 1);
  const GraphPtr graph = parse_graph("x ~ input(2, 2)\ny ~ normal(flatten(x))", "m.graph");
  const Program& program = *(*graph)[1].program;
  CHECK_FALSE(program.instructions.back().op->is_view());
  CHECK(program.output_shape() == Shape{Shape::kBatch, 4});
}

TEST_CASE("the builder numbers slots at both ends, and depth and height along the longest paths") {
  GraphBuilder model;
  const VertexId x = model.input("x", {1});
  const VertexId a = model.normal("a", model.use(x));
  const VertexId b = model.normal("b", apply(add_op(), {model.use(a), model.use(x)}));
  const VertexId c = model.normal("c", apply(add_op(), {apply(add_op(), {model.use(x), model.use(b)}), model.use(a)}));
  const GraphPtr built = model.build();
  const Graph& graph = *built;
  REQUIRE(graph.size() == 4);
  for (VertexId id = 0; id < graph.size(); ++id) {
    for (Slot slot = 0; slot < graph[id].parents.size(); ++slot) {
      const Edge& up = graph[id].parents[slot];
      CHECK(graph[up.vertex].children[up.slot].vertex == id);
      CHECK(graph[up.vertex].children[up.slot].slot == slot);
    }
    CHECK(std::ranges::is_sorted(graph[id].children, {}, &Edge::vertex));
  }
  CHECK(graph.edges() == 6);
  CHECK(graph[x].depth == 0);
  CHECK(graph[c].depth == 3);
  CHECK(graph[x].height == 3);
  CHECK(graph[b].height == 1);
  CHECK(graph[c].height == 0);
  CHECK(std::vector<VertexId>(graph.outputs().begin(), graph.outputs().end()) == std::vector<VertexId>{c});
}

TEST_CASE("the builder refuses two vertices of one name, an impossible precision, and a model that predicts nothing") {
  GraphBuilder model;
  const VertexId x = model.input("x", {1});
  CHECK_THROWS_AS(model.input("x", {2}), BadConfig);
  CHECK_THROWS_AS(model.input("", {2}), BadConfig);
  CHECK_THROWS_AS(model.normal("y", model.use(x), 0), BadConfig);
  CHECK_THROWS_AS(model.normal("y", model.use(x), std::nan("")), BadConfig);
  CHECK_THROWS_AS(model.build(), BadConfig);
}

TEST_CASE("the builder refuses two parameters of one name, which saved state could not tell apart") {
  GraphBuilder model;
  const VertexId x = model.input("x", {2});
  model.normal("h", linear(model.use(x), 2, "h"));
  CHECK_THROWS_WITH_AS(model.parameter("h.weight", {2, 2}, {}),
                       "there are two parameters named 'h.weight': rename a vertex, or the name they share", BadConfig);
  CHECK_THROWS_AS(model.normal("g", linear(model.use(x), 2, "h")), BadConfig);
  const std::string text = "x ~ input(3)\ng ~ normal(linear(x, 3, share=h))\nh ~ normal(linear(g, 3))\ny ~ normal(h)";
  CHECK_THROWS_AS(parse_graph(text, "m.graph"), BadConfig);
}
