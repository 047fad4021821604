// repeat, indices and constants: what they are written out to, and their mistakes.
#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

GraphPtr parse(const std::string& text) { return parse_graph(text, "m.graph"); }

std::string errors(const std::string& text, const LanguageOptions& options = {}) {
  try {
    parse_graph(text, "m.graph", options);
  } catch (const BadConfig& error) {
    return error.what();
  }
  return "no error";
}

using Names = std::vector<std::string>;

Names names(const GraphPtr& graph) {
  Names result;
  for (const Vertex& vertex : graph->vertices()) result.push_back(vertex.name);
  return result;
}

Names parents(const GraphPtr& graph, const std::string& name) {
  Names result;
  for (const Edge& edge : (*graph)[graph->find(name).value()].parents) result.push_back((*graph)[edge.vertex].name);
  return result;
}

// Two texts are the same model: names, kinds, shapes, parents by slot and parameters.
void check_same(const GraphPtr& graph, const GraphPtr& expected) {
  REQUIRE(names(graph) == names(expected));
  for (VertexId id = 0; id < graph->size(); ++id) {
    const Vertex& a = (*graph)[id];
    const Vertex& b = (*expected)[id];
    CAPTURE(a.name);
    CHECK(a.kind == b.kind);
    CHECK(a.shape == b.shape);
    CHECK(parents(graph, a.name) == parents(expected, b.name));
    CHECK(a.program->instructions.size() == b.program->instructions.size());
    REQUIRE(a.parameters.size() == b.parameters.size());
    for (std::size_t k = 0; k < a.parameters.size(); ++k) {
      CHECK(a.parameters[k].name == b.parameters[k].name);
      CHECK(a.parameters[k].shape == b.parameters[k].shape);
    }
  }
}

}  // namespace

TEST_CASE("a repeat is its lines, once for each number") {
  check_same(parse(R"(
x ~ input(4)
h[0] ~ normal(linear(x, 3))
repeat t in 1..3 {
  a[t] = tanh(linear(h[t - 1], 3))
  h[t] ~ normal(a[t] + t * h[t-1])
}
y ~ normal(h[3])
)"),
             parse(R"(
x ~ input(4)
h[0] ~ normal(linear(x, 3))
h[1] ~ normal(tanh(linear(h[0], 3)) + 1 * h[0])
h[2] ~ normal(tanh(linear(h[1], 3)) + 2 * h[1])
h[3] ~ normal(tanh(linear(h[2], 3)) + 3 * h[2])
y ~ normal(h[3])
)"));
}

TEST_CASE("an indexed vertex has its indices in its name and in those of its parameters") {
  const GraphPtr graph = parse("x[-1] ~ input(4)\nrepeat t in 3..3 { h[t, t + 1] ~ normal(linear(x[t - 4], 2)) }\n");
  CHECK(names(graph) == Names{"x[-1]", "h[3,4]"});
  const Vertex& h = (*graph)[graph->find("h[3,4]").value()];
  REQUIRE(h.parameters.size() == 2);
  CHECK(h.parameters[0].name == "h[3,4].weight");
  CHECK(h.parameters[1].name == "h[3,4].bias");
}

TEST_CASE("a recurrence in one line shares its weights over time") {
  const GraphPtr graph = parse(R"(
repeat t in 1..5 { x[t] ~ input(7) }
h[0] = zeros(6)
repeat t in 1..5 { h[t] ~ normal(tanh(linear(h[t-1], 6, share=Wh) + linear(x[t], 6, share=Wx, bias=0))) }
y ~ categorical(linear(h[5], 3))
)");
  CHECK(graph->inputs().size() == 5);
  CHECK(parents(graph, "h[1]") == Names{"Wh.weight", "Wh.bias", "x[1]", "Wx.weight"});
  CHECK(parents(graph, "h[2]") == Names{"h[1]", "Wh.weight", "Wh.bias", "x[2]", "Wx.weight"});
  CHECK((*graph)[graph->find("h[1]").value()].shape == Shape{Shape::kBatch, 6});
  CHECK((*graph)[graph->find("Wh.weight").value()].children.size() == 5);
  CHECK(graph->parameter_count() == 6 * 6 + 6 + 6 * 7 + 3 * 6 + 3);
}

TEST_CASE("one input that holds a sequence gives each step its part") {
  const GraphPtr graph = parse(R"(
x ~ input(4, 7)
step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)
h[0] = zeros(3)
repeat t in 1..4 { h[t] ~ normal(tanh(linear(step(x, t), 3, share=Wx) + linear(h[t-1], 3, share=Wh))) }
y ~ normal(reshape(concat(h[1..4]), 4, 3))
)");
  CHECK((*graph)[graph->find("x").value()].children.size() == 4);
  CHECK((*graph)[graph->find("h[4]").value()].shape == Shape{Shape::kBatch, 3});
  CHECK(parents(graph, "y") == Names{"h[1]", "h[2]", "h[3]", "h[4]"});
  CHECK((*graph)[graph->find("y").value()].shape == Shape{Shape::kBatch, 4, 3});
}

TEST_CASE("repeats may be within each other, count down, and be empty") {
  const GraphPtr graph = parse(R"(
layers = 2
steps  = 3
x ~ input(4)
repeat l in 1..layers { s[l, 0] = zeros(4) }
repeat t in 1..steps {
  s[0, t] = x
  repeat l in 1..layers { s[l, t] ~ normal(s[l - 1, t] + s[l, t - 1]) }
}
b[steps + 1] ~ normal(s[layers, steps])
repeat t in steps..1 by -1 { b[t] ~ normal(b[t + 1] + s[layers, t]) }
repeat t in 2..1 { never[t] ~ normal(nothing) }
repeat t in 1..7 by 3 { z[t] ~ normal(b[1] * t) }
)");
  CHECK(names(graph) == Names{"x", "s[1,1]", "s[2,1]", "s[1,2]", "s[2,2]", "s[1,3]", "s[2,3]", "b[4]", "b[3]", "b[2]",
                              "b[1]", "z[1]", "z[4]", "z[7]"});
  CHECK(parents(graph, "s[2,2]") == Names{"s[1,2]", "s[2,1]"});
  CHECK(parents(graph, "s[1,1]") == Names{"x"});
}

TEST_CASE("a share and a parameter vertex may have indices") {
  const GraphPtr graph = parse(R"(
x ~ input(4)
h[0] = x
repeat l in 1..2 {
  g[l] ~ parameter(4, init=1)
  h[l] ~ normal(g[l] * linear(h[l - 1], 4, share=W[l]) + linear(x, 4, share=W[l]))
}
y ~ normal(h[2] * W[1].bias)
)");
  CHECK(parents(graph, "h[2]") == Names{"g[2]", "h[1]", "W[2].weight", "W[2].bias", "x"});
  CHECK(parents(graph, "y") == Names{"h[2]", "W[1].bias"});
}

TEST_CASE("a range of indices stands for so many arguments") {
  const GraphPtr graph = parse(R"(
repeat i in 1..2 { repeat j in 1..3 { x[i, j] ~ input(1) } }
n = 3
y ~ normal(concat(x[1..2, 1..n], x[1, 1]))
z ~ normal(concat(x[2, 3..2], x[2, n]))
)");
  CHECK(parents(graph, "y") == Names{"x[1,1]", "x[1,2]", "x[1,3]", "x[2,1]", "x[2,2]", "x[2,3]"});
  CHECK((*graph)[graph->find("y").value()].shape == Shape{Shape::kBatch, 7});
  CHECK(parents(graph, "z") == Names{"x[2,3]"});
}

TEST_CASE("constants have no batch and take the extents given") {
  const GraphPtr graph = parse("p ~ parameter(1)\ny ~ normal(p * (zeros(2, 3) + ones(3) + fill(2.5, 2, 1)))");
  CHECK((*graph)[graph->find("y").value()].shape == Shape{2, 3});
  CHECK(errors("p ~ parameter(1)\ny ~ normal(p + zeros(0))") ==
        "m.graph:2:16: error: an extent is at least 1, not 0\n"
        "  y ~ normal(p + zeros(0))\n"
        "                 ^~~~~");
}

TEST_CASE("a mistake in a repeat says for which number, and once") {
  CHECK(errors("x ~ input(4)\nrepeat t in 1..1000 {\n  h[t] ~ normal(x + h[t-1])\n}\ny ~ normal(h[1000])") ==
        "m.graph:3:21: error: there is no vertex or expression named 'h[0]' above this line (for t = 1)\n"
        "    h[t] ~ normal(x + h[t-1])\n"
        "                      ^~~~~~\n"
        "  what a repeat begins with stands before it, such as: h[0] = zeros(64)");
  CHECK(
      errors("x ~ input(4)\nrepeat i in 1..9 {\n  repeat j in 1..9 { h[i, j] ~ normal(slice(x, i + j - 2, 4)) }\n}") ==
      "m.graph:3:39: error: slice from 4 to 4 picks nothing, or elements that are not there, of an "
      "axis of 4 elements of [batch, 4] (for i = 1, j = 5)\n"
      "    repeat j in 1..9 { h[i, j] ~ normal(slice(x, i + j - 2, 4)) }\n"
      "                                        ^~~~~");
  CHECK(errors("repeat t in 1..9 { x[t] ~ input(3 - t) }\ny ~ normal(concat(x[1..9]))") ==
        "m.graph:1:35: error: an extent is a whole number of at least 1 (for t = 3)\n"
        "  repeat t in 1..9 { x[t] ~ input(3 - t) }\n"
        "                                    ^");
}

TEST_CASE("names without their indices, or with others, say what there is") {
  const std::string model = "x ~ input(4)\nrepeat t in 1..3 { h[t] ~ normal(x) }\n";
  CHECK(errors(model + "y ~ normal(h)") ==
        "m.graph:3:12: error: there is no vertex or expression named 'h'\n"
        "  y ~ normal(h)\n"
        "             ^\n"
        "  'h' has an index: above this line there is 'h[1]' to 'h[3]'");
  CHECK(errors(model + "y ~ normal(h[1] + h[4])") ==
        "m.graph:3:19: error: there is no vertex or expression named 'h[4]'\n"
        "  y ~ normal(h[1] + h[4])\n"
        "                    ^~~~\n"
        "  above this line there is 'h[1]' to 'h[3]'");
  CHECK(errors(model + "y ~ normal(x[1])") ==
        "m.graph:3:12: error: there is no vertex or expression named 'x[1]'\n"
        "  y ~ normal(x[1])\n"
        "             ^~~~\n"
        "  'x' has no index; a part of its value is slice(x, begin, end)");
  CHECK(errors(model + "y ~ normal(hh[1])") ==
        "m.graph:3:12: error: there is no vertex or expression named 'hh[1]'\n"
        "  y ~ normal(hh[1])\n"
        "             ^~~~~\n"
        "  did you mean 'h[1]'?");
}

TEST_CASE("a line of a repeat that declares one name again asks for an index") {
  CHECK(errors("x ~ input(4)\nrepeat t in 1..3 {\n  h ~ normal(x)\n}") ==
        "m.graph:3:3: error: 'h' is declared in every round of the repeat (for t = 2)\n"
        "    h ~ normal(x)\n"
        "    ^\n"
        "  give it an index, as in h[t]");
  CHECK(errors("x ~ input(4)\nh[2] ~ normal(x)\nrepeat t in 1..3 { h[t] ~ normal(x) }") ==
        "m.graph:3:20: error: 'h[2]' is declared already, in line 2 (for t = 2)\n"
        "  repeat t in 1..3 { h[t] ~ normal(x) }\n"
        "                     ^~~~\n"
        "  give one of the two another name");
}

TEST_CASE("indices and the numbers of a repeat are whole numbers") {
  CHECK(errors("x ~ input(4)\nh[1/2] ~ normal(x)") ==
        "m.graph:2:4: error: an index is a whole number\n"
        "  h[1/2] ~ normal(x)\n"
        "     ^");
  CHECK(errors("x ~ input(4)\nh[x] ~ normal(x)\ny ~ normal(h[1])") ==
        "m.graph:2:3: error: an index is a whole number\n"
        "  h[x] ~ normal(x)\n"
        "    ^");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..x { h[t] ~ normal(x) }\ny ~ normal(h[1])") ==
        "m.graph:2:16: error: the last number of a repeat is a whole number\n"
        "  repeat t in 1..x { h[t] ~ normal(x) }\n"
        "                 ^");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..3 by 0 { h[t] ~ normal(x) }\ny ~ normal(h[1])") ==
        "m.graph:2:21: error: a repeat by 0 has no end\n"
        "  repeat t in 1..3 by 0 { h[t] ~ normal(x) }\n"
        "                      ^");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..2e9 { h[t] ~ normal(x) }\ny ~ normal(h[1])") ==
        "m.graph:2:16: error: the last number of a repeat is a whole number\n"
        "  repeat t in 1..2e9 { h[t] ~ normal(x) }\n"
        "                 ^~~");
  CHECK(errors("t ~ input(4)\nrepeat t in 1..3 { h[t] ~ normal(t) }\ny ~ normal(h[1])") ==
        "m.graph:2:8: error: 't' has a meaning here already\n"
        "  repeat t in 1..3 { h[t] ~ normal(t) }\n"
        "         ^\n"
        "  give the repeat another name");
}

TEST_CASE("slips in writing a repeat say what is expected") {
  CHECK(errors("x ~ input(4)\nrepeat t = 1..3 {\n  h[t] ~ normal(x)\n}\ny ~ normal(h[1])") ==
        "m.graph:2:10: error: expected 'in' after the name of the repeat\n"
        "  repeat t = 1..3 {\n"
        "           ^\n"
        "  it is written repeat t in 1..10 { ... }");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..3\n  h[t] ~ normal(x)\n}\ny ~ normal(x)") ==
        "m.graph:2:17: error: expected '{' after the head of a repeat\n"
        "  repeat t in 1..3\n"
        "                  ^\n"
        "  it is written repeat t in 1..10 { ... }");
  CHECK(errors("x ~ input(4)\nrepeat t in 1, 3 {\n  h[t] ~ normal(x)\n}\ny ~ normal(h[1])") ==
        "m.graph:2:14: error: expected '..' between the first and the last number\n"
        "  repeat t in 1, 3 {\n"
        "               ^\n"
        "  it is written repeat t in 1..10 { ... }");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..3 {\n  h[t] ~ normal(x)\ny ~ normal(h[3])\n") ==
        "m.graph:2:18: error: this '{' is never closed\n"
        "  repeat t in 1..3 {\n"
        "                   ^");
  CHECK(errors("x ~ input(4)\ny ~ normal(x)\n}") ==
        "m.graph:3:1: error: this '}' closes nothing\n"
        "  }\n"
        "  ^");
  CHECK(errors("x ~ input(4)\n{ y ~ normal(x) }") ==
        "m.graph:2:1: error: this '{' begins nothing\n"
        "  { y ~ normal(x) }\n"
        "  ^\n"
        "  a block is written repeat t in 1..10 { ... }\n"
        "m.graph:2:17: error: this '}' closes nothing\n"
        "  { y ~ normal(x) }\n"
        "                  ^");
  CHECK(errors("x ~ input(4)\nrepeat t in 1..3 { h[t] ~ normal(tanh(x) }\ny ~ normal(h[1])") ==
        "m.graph:2:33: error: this '(' is never closed\n"
        "  repeat t in 1..3 { h[t] ~ normal(tanh(x) }\n"
        "                                  ^");
  CHECK(errors("x ~ input(4)\nh[1 ~ normal(x)\ny ~ normal(h[1)") ==
        "m.graph:2:5: error: expected ',' or ']'\n"
        "  h[1 ~ normal(x)\n"
        "      ^\n"
        "m.graph:3:15: error: expected ',' or ']'\n"
        "  y ~ normal(h[1)\n"
        "                ^");
  CHECK(errors("x ~ input(4)\nh[1..3] ~ normal(x)\ny ~ normal(tanh(x)[1] + (x[1..2]))") ==
        "m.graph:2:4: error: a line declares one vertex\n"
        "  h[1..3] ~ normal(x)\n"
        "     ^~\n"
        "  it is written repeat t in 1..10 { ... }\n"
        "m.graph:3:19: error: only a name has an index\n"
        "  y ~ normal(tanh(x)[1] + (x[1..2]))\n"
        "                    ^\n"
        "  a part of a value is slice(x, begin, end)");
  CHECK(errors("x[1] ~ input(4)\nx[2] ~ input(4)\ny ~ normal(2 + x[1..2])") ==
        "m.graph:3:19: error: several vertices may stand only where a function takes several arguments\n"
        "  y ~ normal(2 + x[1..2])\n"
        "                    ^~\n"
        "  as in concat(h[1..3])");
}

TEST_CASE("an input of a repeat that nothing uses is an error") {
  CHECK(errors("repeat t in 0..3 { x[t] ~ input(4) }\ny ~ normal(concat(x[1..3]))") ==
        "m.graph:1:20: error: no line uses 'x[0]'\n"
        "  repeat t in 0..3 { x[t] ~ input(4) }\n"
        "                     ^~~~\n"
        "  use it in the prediction of a vertex, or take the line out");
}

TEST_CASE("a text that stands for more lines than the limit is refused where it repeats") {
  LanguageOptions options;
  options.limit = 1000;
  const std::string text =
      "x ~ input(1)\nrepeat i in 1..1000000000 {\n  repeat j in 1..1000000000 {\n    h[i, j] ~ normal(x)\n  }\n}";
  CHECK(errors(text, options) ==
        "m.graph: error: the model has more than 1000 operators with its '=' names and repeats written out");
  CHECK(errors("x ~ input(1)\nrepeat i in 1..1000000000 {\n}\ny ~ normal(x)", options) ==
        "m.graph:2:8: error: with its repeats written out the model has more than 1000 lines\n"
        "  repeat i in 1..1000000000 {\n"
        "         ^");
  CHECK(errors("x[1] ~ input(1)\ny ~ normal(concat(x[1..1000000000]))") ==
        "m.graph:2:19: error: there is no vertex or expression named 'x[2]'\n"
        "  y ~ normal(concat(x[1..1000000000]))\n"
        "                    ^~~~~~~~~~~~~~~~\n"
        "  above this line there is 'x[1]'");
  CHECK(errors("x ~ input(1)\n" +
               [] {
                 std::string nested;
                 for (int i = 0; i < 20000; ++i) nested += "repeat t" + std::to_string(i) + " in 1..2 {\n";
                 return nested;
               }())
            .find("more than 8 repeats within each other are not supported") != std::string::npos);
}

TEST_CASE("an unrolled LSTM is read in work that grows as its steps do") {
  const auto lstm = [](std::int64_t steps) {
    return "steps = " + std::to_string(steps) + R"(
x ~ input(steps, 8)
step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)
gate(x, h, Wx, Wh) = linear(x, 16, share=Wx) + linear(h, 16, share=Wh, bias=0)
h[0] = zeros(16)
c[0] = zeros(16)
repeat t in 1..steps {
  x[t] = step(x, t)
  f[t] ~ normal(sigmoid(gate(x[t], h[t-1], Wfx, Wfh)))
  i[t] ~ normal(sigmoid(gate(x[t], h[t-1], Wix, Wih)))
  g[t] ~ normal(tanh(gate(x[t], h[t-1], Wgx, Wgh)))
  o[t] ~ normal(sigmoid(gate(x[t], h[t-1], Wox, Woh)))
  c[t] ~ normal(f[t] * c[t-1] + i[t] * g[t])
  h[t] ~ normal(o[t] * tanh(c[t]))
}
y ~ categorical(linear(reshape(concat(h[1..steps]), steps, 16), 8))
)";
  };
  for (const std::int64_t steps : {10, 100, 1000, 3000}) {
    LanguageOptions options;
    options.limit = 200 * static_cast<std::uint64_t>(steps);
    const GraphPtr graph = parse_graph(lstm(steps), "m.graph", options);
    CHECK(graph->size() == static_cast<std::size_t>(6 * steps) + 1 + 12 + 1);
  }
}
