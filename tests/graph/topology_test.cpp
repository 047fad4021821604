#include "graph/topology.hpp"

#include <doctest/doctest.h>

#include "graph/builder.hpp"
#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/unary.hpp"

using namespace settle;

namespace {

ExpressionPtr sum(const ExpressionPtr& a, const ExpressionPtr& b) { return apply(add_op(), {a, b}); }
ExpressionPtr tanh(const ExpressionPtr& a) { return apply(tanh_op(), {a}); }

std::vector<std::string> names(const Graph& graph, std::span<const VertexId> ids) {
  std::vector<std::string> result;
  for (const VertexId id : ids) result.push_back(graph[id].name);
  return result;
}

// x -> a -> b -> c -> b, a -> y <- c, c -> y -> z, and s -> s.
GraphPtr tangled() {
  GraphBuilder model;
  const auto c = model.declare("c", {2}, {Initializer::Kind::constant, 0.5});
  const auto x = model.input("x", {2});
  const auto s = model.declare("s", {2});
  const auto y = model.declare("y", {2}, {Initializer::Kind::normal, 1});
  const auto z = model.normal("z", tanh(model.use(y)));
  const auto a = model.normal("a", tanh(model.use(x)));
  const auto b = model.normal("b", sum(model.use(a), model.use(c)));
  model.define_normal(y, sum(model.use(a), model.use(c)));
  model.define_normal(s, tanh(model.use(s)));
  model.define_normal(c, tanh(model.use(b)));
  static_cast<void>(z);
  return model.build();
}

}  // namespace

TEST_CASE("a graph that is described parents first is in order as it is, and has no cycles") {
  const GraphPtr graph = parse_graph("x ~ input(2)\nh ~ normal(tanh(x))\ny ~ normal(h + x)", "m.graph");
  CHECK(names(*graph, graph->order()) == std::vector<std::string>{"x", "h", "y"});
  CHECK(graph->acyclic());
  CHECK_FALSE((*graph)[1].cyclic());
  CHECK(describe(*graph).find("cycle") == std::string::npos);
}

TEST_CASE("declared vertices are ordered after their parents, those of a cycle together") {
  const GraphPtr graph = tangled();
  const std::vector<std::string> order = names(*graph, graph->order());
  REQUIRE(order.size() == graph->size());
  const auto place = [&](const char* name) { return std::ranges::find(order, name) - order.begin(); };
  CHECK(place("x") < place("a"));
  CHECK(place("a") < place("b"));
  CHECK(std::abs(place("b") - place("c")) == 1);
  CHECK(place("c") < place("y"));
  CHECK(place("y") < place("z"));
}

TEST_CASE("vertices on a cycle start from their first value, from 0 where they were not declared, others predict") {
  const GraphPtr graph = tangled();
  const auto& first = [&](const char* name) { return (*graph)[graph->find(name).value()].first_value; };
  CHECK(first("c") == Initializer{Initializer::Kind::constant, 0.5});
  CHECK(first("b") == Initializer{Initializer::Kind::constant, 0});
  CHECK(first("s") == Initializer{});
  CHECK_FALSE(first("y").has_value());  // declared ahead, but on no cycle
  CHECK_FALSE(first("a").has_value());
}

TEST_CASE("each strongly connected part names a shortest cycle, and the description prints it") {
  const GraphPtr graph = tangled();
  REQUIRE(graph->cycles().size() == 2);
  std::vector<std::string> texts;
  for (const Cycle& cycle : graph->cycles()) texts.push_back(to_string(*graph, cycle));
  std::ranges::sort(texts);
  CHECK(texts == std::vector<std::string>{"c -> b -> c", "s -> s"});
  const std::string text = describe(*graph);
  CHECK(text.find("cycle c -> b -> c, of 2 vertices that reach each other\n") != std::string::npos);
  CHECK(text.find("cycle s -> s, of 1 vertices") == std::string::npos);
  CHECK(text.find("cycle s -> s\n") != std::string::npos);
}

TEST_CASE("depth and height count the edges between strongly connected parts") {
  const GraphPtr graph = tangled();
  const auto vertex = [&](const char* name) { return (*graph)[graph->find(name).value()]; };
  const std::vector<std::tuple<const char*, std::uint32_t, std::uint32_t>> expected = {
      {"x", 0, 4}, {"a", 1, 3}, {"b", 2, 2}, {"c", 2, 2}, {"y", 3, 1}, {"z", 4, 0}, {"s", 0, 0}};
  for (const auto& entry : expected) {
    const char* name = std::get<0>(entry);
    CAPTURE(name);
    CHECK(vertex(name).depth == std::get<1>(entry));
    CHECK(vertex(name).height == std::get<2>(entry));
  }
}

TEST_CASE("a cycle through 100,000 vertices is found without deep recursion") {
  GraphBuilder model;
  const auto first = model.declare("v0", {1});
  VertexId last = first;
  constexpr std::size_t kLength = 100'000;
  for (std::size_t k = 1; k < kLength; ++k) last = model.normal("v" + std::to_string(k), tanh(model.use(last)));
  model.define_normal(first, tanh(model.use(last)));
  const GraphPtr graph = model.build();
  REQUIRE(graph->cycles().size() == 1);
  CHECK(graph->cycles()[0].path.size() == kLength);
  CHECK(graph->cycles()[0].vertices == kLength);
}

TEST_CASE("a declared vertex must be defined once, with the shape that was declared") {
  GraphBuilder model;
  const auto x = model.input("x", {3});
  const auto h = model.declare("h", {2});
  model.normal("y", tanh(model.use(h)));
  CHECK_THROWS_WITH_AS(model.define_normal(h, tanh(model.use(x))),
                       "vertex 'h' was declared with shape [batch, 2], its prediction has shape [batch, 3]", BadConfig);
  CHECK_THROWS_WITH_AS(model.build(), "vertex 'h' is declared, but nothing says what predicts it", BadConfig);
}
