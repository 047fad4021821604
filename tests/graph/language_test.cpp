#include "graph/language/language.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "graph/error.hpp"
#include "graph/evaluator.hpp"

using namespace settle;

namespace {

GraphPtr parse(const std::string& text, const LanguageOptions& options = {}) {
  return parse_graph(text, "model.graph", options);
}

const Vertex& vertex(const GraphPtr& graph, const std::string& name) { return (*graph)[graph->find(name).value()]; }

std::vector<std::string> parents(const GraphPtr& graph, const std::string& name) {
  std::vector<std::string> names;
  for (const Edge& edge : vertex(graph, name).parents) names.push_back((*graph)[edge.vertex].name);
  return names;
}

std::vector<std::string> parameters(const GraphPtr& graph, const std::string& name) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : vertex(graph, name).parameters)
    names.push_back(spec.name + " " + spec.shape.to_string());
  return names;
}

using Names = std::vector<std::string>;

// The prediction of `y`, one element, for these values of its parents by slot.
double predict(const GraphPtr& graph, const std::vector<double>& values) {
  const Program& program = *vertex(graph, "y").program;
  REQUIRE(program.parents == values.size());
  Evaluator<double> evaluator(program);
  evaluator.bind(1);
  for (std::uint32_t slot = 0; slot < values.size(); ++slot)
    evaluator.set_parent(slot, ConstView<double>(&values[slot], program.shapes[slot].with_batch(1)));
  Tensor<double> output(program.output_shape().with_batch(1));
  REQUIRE(output.size() == 1);
  evaluator.forward(output.view());
  return output.data()[0];
}

double value_of(const std::string& expression, double x, double z = 0) {
  const bool uses_z = expression.find('z') != std::string::npos;
  const GraphPtr graph =
      parse("x ~ input(1)\n" + std::string(uses_z ? "z ~ input(1)\n" : "") + "y ~ normal(" + expression + ")");
  return predict(graph, uses_z ? std::vector{x, z} : std::vector{x});
}

}  // namespace

TEST_CASE("the scalar experiment's model has its vertices, parents by slot and first value") {
  const GraphPtr graph = load_graph(std::filesystem::path(SETTLE_SOURCE_DIR) / "configs/scalar.graph");
  CHECK(graph->size() == 6);
  CHECK(graph->edges() == 6);
  CHECK(parents(graph, "y1") == Names{"theta", "v0"});
  CHECK(parents(graph, "y2") == Names{"y1"});
  CHECK(parents(graph, "y3") == Names{"v0"});
  CHECK(parents(graph, "y4") == Names{"y2", "y3"});
  CHECK(vertex(graph, "v0").kind == VertexKind::input);
  CHECK(vertex(graph, "v0").shape == Shape{Shape::kBatch, 1});
  CHECK(vertex(graph, "theta").kind == VertexKind::parameter);
  CHECK(vertex(graph, "theta").shape == Shape{1});
  CHECK(vertex(graph, "theta").parameters.front().init == Initializer{Initializer::Kind::constant, 2});
  CHECK(vertex(graph, "y4").depth == 3);
  CHECK(vertex(graph, "y4").shape == Shape{Shape::kBatch, 1});
  REQUIRE(graph->outputs().size() == 1);
  CHECK((*graph)[graph->outputs()[0]].name == "y4");
}

TEST_CASE("a classifier of images has the layers, parameters and energies that its text names") {
  const GraphPtr graph = parse(R"(
# classifier
x  ~ input(28, 28)
h1 ~ normal(tanh(linear(flatten(x), 300)))
h2 ~ normal(tanh(linear(h1, 100)), precision=2)
y  ~ categorical(linear(h2, 10))
)");
  CHECK(graph->size() == 4);
  CHECK(graph->edges() == 3);
  CHECK(graph->parameter_count() == 784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10);
  CHECK(vertex(graph, "x").shape == Shape{Shape::kBatch, 28, 28});
  CHECK(vertex(graph, "h1").shape == Shape{Shape::kBatch, 300});
  CHECK(parents(graph, "h1") == Names{"x"});
  CHECK(parents(graph, "h2") == Names{"h1"});
  CHECK(parents(graph, "y") == Names{"h2"});
  CHECK(parameters(graph, "h1") == Names{"h1.weight [300, 784]", "h1.bias [300]"});
  CHECK(parameters(graph, "h2") == Names{"h2.weight [100, 300]", "h2.bias [100]"});
  CHECK(parameters(graph, "y") == Names{"y.weight [10, 100]", "y.bias [10]"});
  CHECK(vertex(graph, "h1").parameters[0].init == Initializer{Initializer::Kind::fan_in, 784});
  CHECK(vertex(graph, "h1").precision == 1);
  CHECK(vertex(graph, "h2").precision == 2);
  CHECK(vertex(graph, "h2").energy->name() == "gaussian");
  CHECK(vertex(graph, "y").energy->name() == "categorical");
  REQUIRE(graph->inputs().size() == 1);
  CHECK((*graph)[graph->inputs()[0]].name == "x");
}

TEST_CASE("operators bind as in mathematics") {
  CHECK(value_of("1 + x * 3", 2) == 7);
  CHECK(value_of("x - 3 - 4", 2) == -5);
  CHECK(value_of("x / 4 / 2", 2) == 0.25);
  CHECK(value_of("-x ^ 2", 3) == -9);
  CHECK(value_of("(-x) ^ 2", 3) == 9);
  CHECK(value_of("2 * -x", 3) == -6);
  CHECK(value_of("x ^ 3 ^ 2", 2) == 512);
  CHECK(value_of("x ^ -1", 4) == 0.25);
  CHECK(value_of("x ^ z", 2, 5) == 32);
  CHECK(value_of("x - -z", 1, 2) == 3);
  CHECK(value_of("(x + z) * (x - z)", 5, 3) == 16);
  CHECK(value_of("2.5e-1 * x + .5", 2) == 1);
}

TEST_CASE("arithmetic over numbers may stand where a number is asked for") {
  const GraphPtr graph = parse(R"(
units = 2 * 3
half  = 1 / 2
x ~ input(units + 1, 2 ^ 2)
h ~ normal(linear(flatten(x), units), precision=half)
y ~ normal(linear(h, -(-2)))
)");
  CHECK(vertex(graph, "x").shape == Shape{Shape::kBatch, 7, 4});
  CHECK(vertex(graph, "h").shape == Shape{Shape::kBatch, 6});
  CHECK(vertex(graph, "h").precision == 0.5);
  CHECK(vertex(graph, "y").shape == Shape{Shape::kBatch, 2});
}

TEST_CASE("a named expression is inlined: it makes no vertex, and one use of it is one subexpression") {
  const GraphPtr graph = parse(R"(
x ~ input(3)
a = linear(x, 3)
b = tanh(a) + a
y ~ normal(b * a)
)");
  CHECK(graph->size() == 2);
  CHECK(parameters(graph, "y") == Names{"y.weight [3, 3]", "y.bias [3]"});
  CHECK(vertex(graph, "y").program->instructions.size() == 4);
}

TEST_CASE("a named expression with parameters gives each vertex that uses it parameters of its own") {
  const GraphPtr graph = parse(R"(
x ~ input(3)
a = linear(x, 2)
h ~ normal(tanh(a))
y ~ normal(linear(h, 2) + a)
)");
  CHECK(parameters(graph, "h") == Names{"h.weight [2, 3]", "h.bias [2]"});
  CHECK(parameters(graph, "y") == Names{"y.weight [2, 2]", "y.bias [2]", "y.weight2 [2, 3]", "y.bias2 [2]"});
  CHECK(parents(graph, "y") == Names{"h", "x"});
}

TEST_CASE("share makes parameter vertices that all uses have in common") {
  const GraphPtr graph = parse(R"(
x ~ input(4)
a = linear(x, 4, share=W)
h ~ normal(tanh(a))
y ~ normal(linear(h, 4, share=W) + linear(x, 4, bias=0))
)");
  CHECK(graph->size() == 5);
  CHECK(vertex(graph, "W.weight").kind == VertexKind::parameter);
  CHECK(vertex(graph, "W.weight").shape == Shape{4, 4});
  CHECK(vertex(graph, "W.bias").shape == Shape{4});
  CHECK(parents(graph, "h") == Names{"x", "W.weight", "W.bias"});
  CHECK(parents(graph, "y") == Names{"h", "W.weight", "W.bias", "x"});
  CHECK(parameters(graph, "h").empty());
  CHECK(parameters(graph, "y") == Names{"y.weight [4, 4]"});
  CHECK(vertex(graph, "W.weight").children.size() == 2);
  CHECK(graph->parameter_count() == 16 + 4 + 16);
}

TEST_CASE("a shared parameter is a vertex that expressions may read") {
  const GraphPtr graph = parse("x ~ input(4)\nh ~ normal(linear(x, 4, share=W))\ny ~ normal(h * W.bias)");
  CHECK(parents(graph, "y") == Names{"h", "W.bias"});
}

TEST_CASE("a parameter's first values are written as a number or a distribution, and have a default") {
  const GraphPtr graph = parse(R"(
a ~ parameter(2, 5)
b ~ parameter(5, init=-1.5)
c ~ parameter(5, init=normal(0.1))
d ~ parameter(5, init=uniform(1 / 4))
e ~ parameter(5, init=fan_in(9))
y ~ normal(a * b * c * d * e)
)");
  using Kind = Initializer::Kind;
  const auto init = [&](const std::string& name) { return vertex(graph, name).parameters.front().init; };
  CHECK(init("a") == Initializer{Kind::fan_in, 5});
  CHECK(init("b") == Initializer{Kind::constant, -1.5});
  CHECK(init("c") == Initializer{Kind::normal, 0.1});
  CHECK(init("d") == Initializer{Kind::uniform, 0.25});
  CHECK(init("e") == Initializer{Kind::fan_in, 9});
  CHECK(vertex(graph, "y").shape == Shape{2, 5});
}

TEST_CASE("the default initializer of the options is for every parameter without one") {
  const std::string text = "x ~ input(3)\nb ~ parameter(2, init=0)\nc ~ parameter(2)\ny ~ normal(linear(x, 2) + b + c)";
  const Initializer init{Initializer::Kind::normal, 0.05};
  const GraphPtr graph = parse(text, {.init = init});
  for (const ParameterSpec& spec : vertex(graph, "y").parameters) CHECK(spec.init == init);
  CHECK(vertex(graph, "b").parameters.front().init == Initializer{Initializer::Kind::constant, 0});
  CHECK(vertex(graph, "c").parameters.front().init == init);
}

TEST_CASE("a line goes on inside parentheses, and comments, tabs, CRLF and a byte order mark change nothing") {
  const GraphPtr graph = parse(
      "\xEF\xBB\xBF# model\r\nx\t~ input(\r\n  4)  # four\r\n\r\ny ~ normal(  # its mean:\r\n  linear(x,\r\n    2,\r\n"
      "    bias=0)\r\n)\r\n# the end: \xC3\xA9 ~ (");
  CHECK(graph->size() == 2);
  CHECK(vertex(graph, "x").shape == Shape{Shape::kBatch, 4});
  CHECK(parameters(graph, "y") == Names{"y.weight [2, 4]"});
}

TEST_CASE("a prediction may be a bare vertex or a bare number") {
  const GraphPtr graph = parse("x ~ input(2)\nh ~ normal(x)\nmu ~ normal(3)\ny ~ normal(h + mu)");
  CHECK(vertex(graph, "h").shape == Shape{Shape::kBatch, 2});
  CHECK(vertex(graph, "mu").parents.empty());
  CHECK(parents(graph, "y") == Names{"h", "mu"});
}

TEST_CASE("initializers are read from a setting's text") {
  using Kind = Initializer::Kind;
  CHECK(parse_initializer("default", "graph.init") == std::nullopt);
  CHECK(parse_initializer("normal(0.05)", "graph.init") == Initializer{Kind::normal, 0.05});
  CHECK(parse_initializer(" uniform( 0.1 ) ", "graph.init") == Initializer{Kind::uniform, 0.1});
  CHECK(parse_initializer("0", "graph.init") == Initializer{Kind::constant, 0});
  CHECK_THROWS_AS(parse_initializer("", "graph.init"), BadConfig);
  CHECK_THROWS_AS(parse_initializer("gauss(1)", "graph.init"), BadConfig);
  CHECK_THROWS_AS(parse_initializer("normal(-1)", "graph.init"), BadConfig);
  CHECK_THROWS_AS(parse_initializer("normal(0.1) 3", "graph.init"), BadConfig);
  CHECK_THROWS_WITH_AS(parse_initializer("normal(0)", "graph.init"),
                       "graph.init:1:1: error: the argument of 'normal' is a number above 0\n  normal(0)\n  ^~~~~~",
                       BadConfig);
}

TEST_CASE("a model file that is not there, or is a directory, is a missing input") {
  CHECK_THROWS_WITH_AS(
      load_graph("no/such.graph"),
      "no/such.graph: cannot read this model: No such file or directory; give the path of a .graph file", MissingInput);
  const std::string directory = std::filesystem::temp_directory_path().string();
  CHECK_THROWS_WITH_AS(
      load_graph(directory),
      (directory + ": cannot read this model: it is a directory; give the path of a .graph file").c_str(),
      MissingInput);
}
