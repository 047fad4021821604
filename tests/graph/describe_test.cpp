#include "graph/describe.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "graph/language/language.hpp"

using namespace settle;

namespace {

GraphPtr model() {
  return parse_graph(R"(
x  ~ input(2, 3)
s  ~ parameter(4)
h1 ~ normal(tanh(linear(flatten(x), 4)) * s)
y  ~ categorical(linear(h1, 2))
)",
                     "m.graph");
}

}  // namespace

TEST_CASE("the table has a row for each vertex and the model's totals") {
  const GraphPtr graph = model();
  const std::string text = describe(*graph);
  const auto has_row = [&](std::initializer_list<std::string> cells) {
    // Cells of one line, whatever the padding.
    std::string line;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      line = text.substr(begin, end - begin);
      std::size_t at = 0;
      bool all = true;
      for (const std::string& cell : cells) {
        at = line.find(cell, at);
        all = all && at != std::string::npos;
        if (!all) break;
        at += cell.size();
      }
      if (all) return true;
    }
    return false;
  };
  CAPTURE(text);
  CHECK(has_row({"vertex", "kind", "shape", "parents", "parameters", "flops/sample", "bytes/edge"}));
  CHECK(has_row({"x ", "input", "[batch, 2, 3]", " - ", " - ", "24"}));
  CHECK(has_row({"s ", "parameter", "[4]", "4", "-", "16"}));
  CHECK(has_row({"h1", "normal", "[batch, 4]", "x, s", "28", "16"}));
  CHECK(has_row({"y ", "categorical", "[batch, 2]", "h1", "10", "-"}));
  CHECK(text.find("vertices 4, edges 3, parameters 42, depth 2, flops/sample ") != std::string::npos);
  CHECK(text.find(", bytes/sample 40\n") != std::string::npos);
}

TEST_CASE("the table counts bytes in the precision asked for") {
  CHECK(describe(*model(), {.scalar_bytes = 8}).find(", bytes/sample 80\n") != std::string::npos);
}

TEST_CASE("the flops of a linear vertex are two a weight and one a bias") {
  const GraphPtr graph = parse_graph("x ~ input(784)\ny ~ normal(linear(x, 300))", "m.graph");
  CHECK(describe(*graph).find("flops/sample 470,700,") != std::string::npos);
}

TEST_CASE("a vertex with many parents shows the first of them and how many more") {
  std::string text = "y ~ normal(x1";
  std::string inputs = "x1 ~ input(1)\n";
  for (int i = 2; i <= 9; ++i) {
    inputs += "x" + std::to_string(i) + " ~ input(1)\n";
    text += " + x" + std::to_string(i);
  }
  const GraphPtr graph = parse_graph(inputs + text + ")", "m.graph");
  CHECK(describe(*graph).find("x1, x2, x3, x4 and 5 more") != std::string::npos);
}

TEST_CASE("in a long table vertices of a repeat that are alike share a row, unless all are asked for") {
  const GraphPtr graph = parse_graph(R"(
repeat t in 1..50 { x[t] ~ input(4) }
h[0] = zeros(3)
repeat t in 1..50 { h[t] ~ normal(tanh(linear(h[t-1], 3, share=Wh) + linear(x[t], 3, share=Wx))) }
repeat l in 1..2 { repeat t in 1..3 { s[l, t] ~ normal(2 * h[t]) } }
)",
                                     "m.graph");
  const std::string text = describe(*graph);
  CAPTURE(text);
  CHECK(text.find("\nx[1..50] (50) ") != std::string::npos);
  CHECK(text.find("\nh[1..49] (49) ") != std::string::npos);
  CHECK(text.find(" h[48], Wh.weight, Wh.bias, x[49] and 2 more") != std::string::npos);
  CHECK(text.find("\nh[50] ") != std::string::npos);  // it has no child
  CHECK(text.find("\ns[1,1] to s[2,3] (6) ") != std::string::npos);
  CHECK(text.find("\nWh.weight ") != std::string::npos);
  CHECK(text.find("x[2]") == std::string::npos);
  CHECK(text.find("vertices 110, ") != std::string::npos);
  const std::string all = describe(*graph, {.all = true});
  CHECK(std::count(all.begin(), all.end(), '\n') == 1 + 110 + 2);
  CHECK(all.find("x[2]") != std::string::npos);
}

TEST_CASE("the drawing has a box for each vertex and an arrow with the shape for each edge") {
  CHECK(dot(*model()) ==
        "digraph model {\n"
        "  rankdir=BT;\n"
        "  node [shape=box, fontname=\"sans-serif\"];\n"
        "  \"x\" [style=filled, fillcolor=lightgrey, label=\"x ~ input\"];\n"
        "  \"s\" [style=\"filled,rounded\", fillcolor=lightyellow, label=\"s ~ parameter\"];\n"
        "  \"h1\" [style=solid, label=\"h1 ~ normal\"];\n"
        "  \"y\" [style=bold, label=\"y ~ categorical\"];\n"
        "  \"x\" -> \"h1\" [label=\"[batch, 2, 3]\"];\n"
        "  \"s\" -> \"h1\" [label=\"[4]\"];\n"
        "  \"h1\" -> \"y\" [label=\"[batch, 4]\"];\n"
        "}\n");
}

TEST_CASE("large numbers are grouped by thousands") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(-1234567) == "-1,234,567");
}
