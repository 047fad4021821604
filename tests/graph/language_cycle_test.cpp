// Vertices that are used above their line, and by themselves.
#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

using Names = std::vector<std::string>;

GraphPtr parse(const std::string& text) { return parse_graph(text, "m.graph"); }

std::string errors(const std::string& text) {
  try {
    parse(text);
  } catch (const BadConfig& error) {
    return error.what();
  }
  return "no error";
}

const Vertex& vertex(const GraphPtr& graph, const std::string& name) { return (*graph)[graph->find(name).value()]; }

Names parents(const GraphPtr& graph, const std::string& name) {
  Names result;
  for (const Edge& edge : vertex(graph, name).parents) result.push_back((*graph)[edge.vertex].name);
  return result;
}

}  // namespace

TEST_CASE("a vertex that says its extents may be used by itself and above its line, from a first value on") {
  const GraphPtr graph = parse(R"(
x ~ input(5)
h ~ normal(tanh(linear(concat(x, h, y), 48)), shape=48, init=normal(0.1))
y ~ normal(linear(h, 3), shape=3)
)");
  CHECK(parents(graph, "h") == Names{"x", "h", "y"});
  CHECK(parents(graph, "y") == Names{"h"});
  CHECK(vertex(graph, "h").first_value == Initializer{Initializer::Kind::normal, 0.1});
  CHECK(vertex(graph, "y").first_value == Initializer{Initializer::Kind::constant, 0});
  CHECK_FALSE(graph->acyclic());
}

TEST_CASE("extents of several axes are a list") {
  const GraphPtr graph = parse("n = 2\nx ~ input(2, 3)\nh ~ normal(tanh(x + h), shape=[n, n + 1], init=1)");
  CHECK(vertex(graph, "h").shape == Shape{Shape::kBatch, 2, 3});
  CHECK(vertex(graph, "h").first_value == Initializer{Initializer::Kind::constant, 1});
}

TEST_CASE("a vertex that says its extents and is on no cycle is like any other, wherever its line is") {
  const GraphPtr graph = parse("x ~ input(2)\ny ~ normal(h + x)\nh ~ normal(2 * x, shape=2)\nz ~ normal(h, shape=2)");
  CHECK(graph->acyclic());
  CHECK(parents(graph, "y") == Names{"h", "x"});
  CHECK_FALSE(vertex(graph, "h").first_value.has_value());
}

TEST_CASE("the vertices of a ring in a repeat see both neighbours") {
  const GraphPtr graph = parse(R"(
n = 4
x ~ input(3)
h[0] = x
h[n + 1] = x
repeat i in 1..n { h[i] ~ normal(tanh(h[i - 1] + h[i + 1]), shape=3) }
)");
  CHECK(parents(graph, "h[1]") == Names{"x", "h[2]"});
  CHECK(parents(graph, "h[2]") == Names{"h[1]", "h[3]"});
  CHECK(parents(graph, "h[4]") == Names{"h[3]", "x"});
  CHECK_FALSE(graph->acyclic());
}

TEST_CASE("a vertex that is used above its line without its extents says what a cycle needs") {
  const std::string hint = "a cycle goes through a vertex that says its extents: NAME ~ normal(..., shape=48)";
  CHECK(errors("x ~ input(4)\ny ~ normal(x + h)\nh ~ normal(x + y)") ==
        "m.graph:2:16: error: 'h' is declared below, in line 3\n"
        "  y ~ normal(x + h)\n"
        "                 ^\n"
        "  move that line above this one; " +
            hint);
  CHECK(errors("x ~ input(4)\ny ~ normal(x + y)") ==
        "m.graph:2:16: error: 'y' depends on itself\n"
        "  y ~ normal(x + y)\n"
        "                 ^\n"
        "  " +
            hint);
}

TEST_CASE("extents of a vertex and its first value are checked") {
  CHECK(errors("x ~ input(4)\nh ~ normal(x + h, shape=5)") ==
        "m.graph:2:14: error: shapes [batch, 4] and [batch, 5] do not broadcast together\n"
        "  h ~ normal(x + h, shape=5)\n"
        "               ^");
  CHECK(errors("x ~ input(4)\nh ~ normal(x + h, shape=[2, 0])") ==
        "m.graph:2:29: error: an extent is a whole number of at least 1\n"
        "  h ~ normal(x + h, shape=[2, 0])\n"
        "                              ^");
  CHECK(errors("x ~ input(4)\nh ~ normal(x + h, shape=h)") ==
        "m.graph:2:25: error: 'h' depends on itself\n"
        "  h ~ normal(x + h, shape=h)\n"
        "                          ^\n"
        "  a cycle goes through a vertex that says its extents: NAME ~ normal(..., shape=48)");
  CHECK(errors("x ~ input(4)\nh ~ normal(x, init=2)") ==
        "m.graph:2:20: error: where a vertex of a cycle starts goes with its extents\n"
        "  h ~ normal(x, init=2)\n"
        "                     ^\n"
        "  write shape=EXTENTS too, or leave init out");
  CHECK(errors("x ~ input(4)\nh ~ normal(x * [1, 2])") ==
        "m.graph:2:16: error: a list of numbers may stand only behind shape=\n"
        "  h ~ normal(x * [1, 2])\n"
        "                 ^\n"
        "  as in shape=[28, 28]");
  CHECK(errors("x ~ input(4)\ny ~ normal(h)\nh ~ normal(linear(x, 3), shape=4)").find("m.graph:3:1: error: ") == 0);
}
