// Functions of the text, and files that it includes.
#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "tests/support/included.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using Names = std::vector<std::string>;

GraphPtr parse(const std::string& text, const Files& files = {}) {
  return parse_graph(text, "m.graph", {.include = files_of(files)});
}

std::string errors(const std::string& text, const Files& files = {}) {
  try {
    parse(text, files);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const Vertex& vertex(const GraphPtr& graph, const std::string& name) { return (*graph)[graph->find(name).value()]; }

Names parameters(const GraphPtr& graph, const std::string& name) {
  Names result;
  for (const ParameterSpec& spec : vertex(graph, name).parameters)
    result.push_back(spec.name + " " + spec.shape.to_string());
  return result;
}

Names parents(const GraphPtr& graph, const std::string& name) {
  Names result;
  for (const Edge& edge : vertex(graph, name).parents) result.push_back((*graph)[edge.vertex].name);
  return result;
}

}  // namespace

TEST_CASE("a function's call is its right side, with parameters of the vertex that calls it") {
  const GraphPtr graph = parse(R"(
block(h, n) = relu(linear(h, n)) + h
x ~ input(4)
h ~ normal(block(x, 4))
y ~ normal(block(block(h, 2 * 2), 4))
)");
  CHECK(parameters(graph, "h") == Names{"h.weight [4, 4]", "h.bias [4]"});
  CHECK(parameters(graph, "y") == Names{"y.weight [4, 4]", "y.bias [4]", "y.weight2 [4, 4]", "y.bias2 [4]"});
  CHECK(vertex(graph, "y").program->instructions.size() == 6);
}

TEST_CASE("an argument of a function is one subexpression, however often the function uses it") {
  const GraphPtr graph = parse("double(a) = a + a\nx ~ input(4)\ny ~ normal(double(double(linear(x, 4))))");
  CHECK(vertex(graph, "y").program->instructions.size() == 3);
  CHECK(parameters(graph, "y").size() == 2);
}

TEST_CASE("an argument may be a number or the name of a share, and a function may call those above it") {
  const GraphPtr graph = parse(R"(
scale = 2
dense(x, n, W) = linear(x, n, share=W, bias=0)
gate(x, h, n, Wx, Wh) = scale * sigmoid(dense(x, n, Wx) + dense(h, n, Wh))
x ~ input(4)
repeat l in 1..2 { g[l] ~ normal(gate(x, x, 3, A[l], B)) }
)");
  CHECK(parents(graph, "g[2]") == Names{"x", "A[2].weight", "B.weight"});
  CHECK(vertex(graph, "A[2].weight").shape == Shape{3, 4});
  CHECK(vertex(graph, "B.weight").children.size() == 2);
}

TEST_CASE("a function sees vertices above it, also those whose index it is given") {
  const GraphPtr graph = parse(R"(
x ~ input(2)
repeat t in 0..1 { h[t] ~ normal(x) }
change(t) = h[t] - h[t - 1] + x
y ~ normal(change(1))
)");
  CHECK(parents(graph, "y") == Names{"h[1]", "h[0]", "x"});
}

TEST_CASE("mistakes in a function show at its line, without any call") {
  CHECK(errors("f(a) = tahn(a) + b\nx ~ input(2)\ny ~ normal(f(x))") ==
        "m.graph:1:8: error: there is no function named 'tahn'\n"
        "  f(a) = tahn(a) + b\n"
        "         ^~~~\n"
        "  did you mean 'tanh'?\n"
        "m.graph:1:18: error: there is no vertex or expression named 'b'\n"
        "  f(a) = tahn(a) + b\n"
        "                   ^");
  CHECK(errors("f(a) = a + f(a)\nx ~ input(2)\ny ~ normal(f(x))") ==
        "m.graph:1:12: error: there is no function named 'f'\n"
        "  f(a) = a + f(a)\n"
        "             ^\n"
        "  a line uses only what lines above it declare: no function calls itself");
  CHECK(errors("f(a) = g(a)\ng(a) = f(a)\nx ~ input(2)\ny ~ normal(f(x))") ==
        "m.graph:1:8: error: there is no function named 'g'\n"
        "  f(a) = g(a)\n"
        "         ^\n"
        "  line 2 declares 'g': move it above this one");
  CHECK(errors("tanh(a) = 2 * a\nx ~ input(2)\ny ~ normal(tanh(x))") ==
        "m.graph:1:1: error: 'tanh' is a function of the language\n"
        "  tanh(a) = 2 * a\n"
        "  ^~~~\n"
        "  give yours another name");
  CHECK(errors("f(a, b, a) = a + b\nx ~ input(2)\ny ~ normal(x)") ==
        "m.graph:1:9: error: 'a' names two arguments\n"
        "  f(a, b, a) = a + b\n"
        "          ^");
  CHECK(errors("f() = 3\nx ~ input(2)\ny ~ normal(x)") ==
        "m.graph:1:3: error: a function has at least one argument\n"
        "  f() = 3\n"
        "    ^\n"
        "  what has none is a name: NAME = EXPRESSION");
  CHECK(errors("f(2) = 3\nx ~ input(2)\ny ~ normal(x)") ==
        "m.graph:1:3: error: expected the name of an argument\n"
        "  f(2) = 3\n"
        "    ^\n"
        "  a function is written block(x, n) = EXPRESSION");
  CHECK(errors("x ~ input(2)\nrepeat t in 1..2 { f(a) = a }\ny ~ normal(x)") ==
        "m.graph:2:20: error: a function is declared outside of repeats\n"
        "  repeat t in 1..2 { f(a) = a }\n"
        "                     ^");
}

TEST_CASE("mistakes that a call makes are placed in the function and name the call") {
  CHECK(errors("f(a, n) = linear(a, n)\nx ~ input(2)\nz ~ input(3)\ny ~ normal(\n  f(x, 2) + f(z, 1 / 2))") ==
        "m.graph:1:11: error: units of linear must be a whole number, not 0.5 (in 'f', called in line 5)\n"
        "  f(a, n) = linear(a, n)\n"
        "            ^~~~~~");
  CHECK(errors("f(a) = a + ones(3)\ng(a) = 2 * f(a)\nx ~ input(2)\nrepeat t in 1..9 { y[t] ~ normal(t * g(x)) }") ==
        "m.graph:1:10: error: shapes [batch, 2] and [3] do not broadcast together (in 'f', called in line 2, in 'g', "
        "called in line 4, for t = 1)\n"
        "  f(a) = a + ones(3)\n"
        "           ^");
  CHECK(errors("f(a, n) = linear(a, n)\nx ~ input(2)\ny ~ normal(f(x))") ==
        "m.graph:3:12: error: 'f' takes 2 arguments, not 1\n"
        "  y ~ normal(f(x))\n"
        "             ^\n"
        "  it is written f(a, n)");
  CHECK(errors("f(a, n) = linear(a, n)\nx ~ input(2)\ny ~ normal(f(xx, 2) + f)") ==
        "m.graph:3:14: error: there is no vertex or expression named 'xx'\n"
        "  y ~ normal(f(xx, 2) + f)\n"
        "               ^~\n"
        "  did you mean 'x'?\n"
        "m.graph:3:23: error: 'f' is a function and needs its arguments: f(...)\n"
        "  y ~ normal(f(xx, 2) + f)\n"
        "                        ^");
  CHECK(errors("blok(a) = a\nx ~ input(2)\ny ~ normal(block(x) + blok(x))") ==
        "m.graph:3:12: error: there is no function named 'block'\n"
        "  y ~ normal(block(x) + blok(x))\n"
        "             ^~~~~\n"
        "  did you mean 'blok'?");
}

TEST_CASE("a function that no line uses is an error, as an expression is") {
  CHECK(errors("f(a) = a\nx ~ input(2)\ny ~ normal(x)") ==
        "m.graph:1:1: error: no line uses 'f'\n"
        "  f(a) = a\n"
        "  ^\n"
        "  use it in the prediction of a vertex, or take the line out");
}

TEST_CASE("functions whose calls double end at the limit, and those that nest at 1000 levels") {
  std::string doubling = "f0(a) = a + 1\n";
  std::string nesting = "f0(a) = tanh(a)\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string below = "f" + std::to_string(i - 1);
    doubling += "f" + std::to_string(i) + "(a) = " + below + "(a) * " + below + "(2 * a)\n";
    nesting += "f" + std::to_string(i) + "(a) = " + below + "(" + below + "(" + below + "(a)))\n";
  }
  const std::string rest = "x ~ input(2)\ny ~ normal(f40(x))";
  CHECK(errors(doubling + rest).find("m.graph: error: the model has more than 1000000 operators") == 0);
  CHECK(errors(nesting + rest).find("goes more than 1000 levels deep") != std::string::npos);
}

TEST_CASE("expressions of many levels that are named and added are refused before they are too deep") {
  std::string text = "x ~ input(2)\n";
  std::string sum = "x";
  for (int i = 1; i <= 150; ++i) {
    const std::string name = "a" + std::to_string(i);
    std::string right = i == 1 ? "x" : "a" + std::to_string(i - 1);
    for (int level = 0; level < 150; ++level) right = "tanh(" + right + ")";
    text += name + " = " + right + "\n";
    sum += " + " + name;
  }
  CHECK(errors(text + "y ~ normal(" + sum + ")").find("goes more than 1000 levels deep") != std::string::npos);
}

TEST_CASE("an include stands for the lines of its file, once, relative to the file that it is in") {
  const Files files = {{"lib/blocks.graph", "include \"base.graph\"\nblock(x, n) = tanh(dense(x, n))\nunused = 3\n"},
                       {"lib/base.graph", "dense(x, n) = linear(x, n)\n"}};
  const GraphPtr graph = parse(
      "include \"lib/blocks.graph\"\ninclude \"lib/../lib/base.graph\"  # again\nx ~ input(2)\ny ~ normal(block(x, 3))",
      files);
  CHECK(parameters(graph, "y") == Names{"y.weight [3, 2]", "y.bias [3]"});
}

TEST_CASE("mistakes in an included file name that file") {
  const Files files = {{"lib/blocks.graph", "# blocks\nblock(x) = tahn(x)\nx ~ input(4)\n"},
                       {"lib/two.graph", "x ~ input(3)\n"}};
  CHECK(errors("include \"lib/blocks.graph\"\ninclude \"lib/two.graph\"\ny ~ normal(xx)\ny ~ normal(x)", files) ==
        "m.graph:3:12: error: there is no vertex or expression named 'xx'\n"
        "  y ~ normal(xx)\n"
        "             ^~\n"
        "  did you mean 'x'?\n"
        "m.graph:4:1: error: 'y' is declared already, in line 3\n"
        "  y ~ normal(x)\n"
        "  ^\n"
        "  give one of the two another name\n"
        "lib/blocks.graph:2:12: error: there is no function named 'tahn'\n"
        "  block(x) = tahn(x)\n"
        "             ^~~~\n"
        "  did you mean 'tanh'?\n"
        "lib/two.graph:1:1: error: 'x' is declared already, in line 3 of lib/blocks.graph\n"
        "  x ~ input(3)\n"
        "  ^\n"
        "  give one of the two another name");
}

TEST_CASE("files that include each other, themselves or too many others are refused") {
  CHECK(errors("include \"a.graph\"\nx ~ input(2)\ny ~ normal(x)",
               {{"a.graph", "include \"b.graph\"\n"}, {"b.graph", "\ninclude \"a.graph\"\n"}}) ==
        "b.graph:2:9: error: files that include each other have no end: a.graph is being read already\n"
        "  include \"a.graph\"\n"
        "          ^~~~~~~~~");
  CHECK(errors("include \"m.graph\"\nx ~ input(2)\ny ~ normal(x)", {{"m.graph", ""}}) ==
        "m.graph:1:9: error: files that include each other have no end: m.graph is being read already\n"
        "  include \"m.graph\"\n"
        "          ^~~~~~~~~");
  Files chain;
  for (int i = 0; i < 40; ++i) chain["f" + std::to_string(i)] = "include \"f" + std::to_string(i + 1) + "\"\n";
  CHECK(errors("include \"f0\"\nx ~ input(2)\ny ~ normal(x)", chain) ==
        "f14:1:9: error: more than 16 files that include each other are not supported\n"
        "  include \"f15\"\n"
        "          ^~~~~");
}

TEST_CASE("a file that is missing is a missing input, with the place of the include") {
  CHECK_THROWS_WITH_AS(parse("x ~ input(2)\ninclude \"no.graph\"\ny ~ normal(x)"),
                       "m.graph:2:9: error: no.graph: there is no such file\n"
                       "  include \"no.graph\"\n"
                       "          ^~~~~~~~~~",
                       MissingInput);
}

TEST_CASE("texts that are in no file include none, and slips in an include say how it is written") {
  CHECK_THROWS_WITH_AS(parse_graph("include \"a.graph\"\ny ~ normal(1)", "text"),
                       "text:1:9: error: this text is in no file, so it cannot include one\n"
                       "  include \"a.graph\"\n"
                       "          ^~~~~~~~~\n"
                       "  write the lines out",
                       BadConfig);
  CHECK(errors("include a.graph\ny ~ normal(1)") ==
        "m.graph:1:1: error: expected the name of a file in quotes after 'include'\n"
        "  include a.graph\n"
        "  ^~~~~~~\n"
        "  it is written include \"layers.graph\"");
  CHECK(errors("include \"a.graph\ny ~ normal(1)") ==
        "m.graph:1:9: error: this '\"' is never closed\n"
        "  include \"a.graph\n"
        "          ^~~~~~~~\n"
        "  the name of a file ends in its line");
  CHECK(errors("include \"\"\ny ~ normal(1)") ==
        "m.graph:1:9: error: the name of a file is missing\n"
        "  include \"\"\n"
        "          ^~\n"
        "  it is written include \"layers.graph\"");
  CHECK(errors("repeat t in 1..2 {\n  include \"a.graph\"\n}\ny ~ normal(1)", {{"a.graph", ""}}) ==
        "m.graph:2:3: error: an include stands outside of repeats\n"
        "    include \"a.graph\"\n"
        "    ^~~~~~~");
  CHECK(errors("include \"a.graph\"\nx ~ input(1)\ny ~ normal(x)", {{"a.graph", "repeat t in 1..2 {\n"}}) ==
        "a.graph:1:18: error: this '{' is never closed\n"
        "  repeat t in 1..2 {\n"
        "                   ^");
}

TEST_CASE("load_graph reads includes from beside the file that names them") {
  const ScratchModels models(
      Files{{"main.graph", "include \"parts/layer.graph\"\nx ~ input(2)\ny ~ normal(layer(x))\n"},
            {"parts/layer.graph", "include \"../units.graph\"\nlayer(x) = linear(x, units)\n"},
            {"units.graph", "units = 5\n"}});
  CHECK((*load_graph(models.path("main.graph")))[1].shape == Shape{Shape::kBatch, 5});
  const ScratchModels broken(Files{{"main.graph", "include \"gone.graph\"\ny ~ normal(1)\n"}});
  const std::string main = broken.path("main.graph").string();
  const std::string gone = broken.path("gone.graph").string();
  CHECK_THROWS_WITH_AS(load_graph(main),
                       (main + ":1:9: error: " + gone +
                        ": cannot read this model: No such file or directory; give the path of a .graph file\n"
                        "  include \"gone.graph\"\n"
                        "          ^~~~~~~~~~~~")
                           .c_str(),
                       MissingInput);
}
