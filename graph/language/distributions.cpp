#include "graph/language/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "graph/error.hpp"
#include "graph/language/inliner.hpp"

namespace settle::language {
namespace {

constexpr std::size_t kAnyNumber = 1000;

// Nothing after a mistake, which is reported.
std::optional<double> number(Model& model, Inliner& trial, NodeIndex node, const std::string& what,
                             const std::string& hint) {
  const Inlined inlined = trial.make(node);
  if (inlined.expression && !inlined.number) model.diagnostics.report(model.tree.nodes[node].at, what, hint);
  return inlined.number;
}

std::optional<NodeIndex> keyword(const Model& model, const SyntaxNode& call, std::string_view name) {
  for (const NodeArgument& argument : call.arguments)
    if (!argument.positional() && model.source.text(argument.keyword) == name) return argument.value;
  return std::nullopt;
}

// The shape that these values write out; `at`: what is wrong where they do not fit together.
std::optional<Shape> shape_of(Model& model, Inliner& trial, Range at, const std::vector<NodeArgument>& values) {
  static const std::string what = "an extent is a whole number of at least 1";
  std::vector<std::int64_t> result;
  bool good = true;
  for (const NodeArgument& argument : values) {
    if (!argument.positional()) continue;
    const auto extent = number(model, trial, argument.value, what, "");
    const bool whole = extent && *extent >= 1 && *extent <= 2147483648.0 && *extent == std::floor(*extent);
    if (extent && !whole) model.diagnostics.report(model.tree.nodes[argument.value].at, what);
    good = good && whole;
    result.push_back(whole ? static_cast<std::int64_t>(*extent) : 1);
  }
  if (!good) return std::nullopt;
  try {
    const Shape shape(result);
    // The batch is an axis too.
    static_cast<void>(Shape::batched_over(shape));
    return shape;
  } catch (const BadConfig& error) {
    model.diagnostics.report(at, error.what());
    return std::nullopt;
  }
}

std::optional<Shape> extents(Model& model, const NewVertex& vertex) {
  return shape_of(model, vertex.trial, vertex.call.at, vertex.call.arguments);
}

std::optional<VertexId> make_input(Model& model, const NewVertex& vertex) {
  const auto shape = extents(model, vertex);
  if (!shape || !vertex.adds) return std::nullopt;
  return model.builder.input(vertex.name, *shape);
}

std::optional<VertexId> make_parameter(Model& model, const NewVertex& vertex) {
  const auto shape = extents(model, vertex);
  const auto written = keyword(model, vertex.call, "init");
  std::optional<Initializer> init;
  if (written)
    init = make_initializer(model, vertex.trial, *written);
  else if (shape)
    init = vertex.trial.default_init((*shape)[shape->rank() - 1]);
  if (!shape || !init || !vertex.adds) return std::nullopt;
  return model.builder.parameter(vertex.name, *shape, *init);
}

// Nothing after a mistake, which is reported.
std::optional<PrecisionSpec> make_precision(Model& model, Inliner& inliner, NodeIndex node) {
  const Inlined inlined = inliner.make(node);
  if (!inlined.expression) return std::nullopt;
  if (!inlined.number) return inlined.expression;
  if (*inlined.number > 0) return *inlined.number;
  model.diagnostics.report(model.tree.nodes[node].at, "a precision is a number above 0");
  return std::nullopt;
}

// The value of tile=; 1 where it is not written. Nothing after a mistake, which is reported.
std::optional<std::int64_t> tiles_of(Model& model, const NewVertex& vertex) {
  static const std::string what = "tile is a whole number of at least 1: over how many actors the units are split";
  const auto written = keyword(model, vertex.call, "tile");
  if (!written) return 1;
  const auto value = number(model, vertex.trial, *written, what, "");
  if (!value) return std::nullopt;
  if (*value >= 1 && *value <= 2147483648.0 && *value == std::floor(*value)) return static_cast<std::int64_t>(*value);
  model.diagnostics.report(model.tree.nodes[*written].at, what);
  return std::nullopt;
}

// A computed vertex; `check` says what is wrong with the location's shape, or "".
std::optional<VertexId> compute(Model& model, const NewVertex& vertex, const EnergyPtr& energy,
                                std::string (*check)(const Shape&)) {
  if (const auto init = keyword(model, vertex.call, "init"); init && !says_extents(model, vertex.call))
    model.diagnostics.report(model.tree.nodes[*init].at, "where a vertex of a cycle starts goes with its extents",
                             "write shape=EXTENTS too, or leave init out");
  Inliner own(model, vertex.name, Inliner::Mode::vertex, vertex.trial.scope());
  Inliner& inliner = vertex.adds ? own : vertex.trial;
  const NodeIndex location = vertex.call.arguments.front().value;
  const ExpressionPtr expression = inliner.make(location).expression;
  const auto written = keyword(model, vertex.call, "precision");
  const auto precision = written ? make_precision(model, inliner, *written) : PrecisionSpec(1.0);
  if (!expression) return std::nullopt;
  if (const std::string wrong = check(expression->shape); !wrong.empty()) {
    model.diagnostics.report(vertex.call.at, wrong);
    return std::nullopt;
  }
  const auto tiles = tiles_of(model, vertex);
  if (!precision || !tiles || !vertex.adds) return std::nullopt;
  try {
    if (!vertex.declared) return model.builder.compute_tiled(vertex.name, expression, energy, *precision, *tiles);
    if (*tiles > 1) throw BadConfig("'" + vertex.name + "' is used above its line: it cannot be split into tiles");
    model.builder.define(*vertex.declared, expression, energy, *precision);
    return vertex.declared;
  } catch (const BadConfig& error) {
    model.diagnostics.report(vertex.at, error.what());
    return std::nullopt;
  }
}

std::optional<VertexId> make_normal(Model& model, const NewVertex& vertex) {
  return compute(model, vertex, gaussian(), [](const Shape&) { return std::string(); });
}

std::optional<VertexId> make_categorical(Model& model, const NewVertex& vertex) {
  return compute(model, vertex, categorical(), [](const Shape& logits) {
    if (logits.sample().rank() > 0 && logits[logits.rank() - 1] > 1) return std::string();
    return "'categorical' needs at least 2 logits in the last axis, not the shape " + logits.to_string();
  });
}

std::optional<VertexId> make_bernoulli(Model& model, const NewVertex& vertex) {
  return compute(model, vertex, bernoulli(), [](const Shape&) { return std::string(); });
}

const std::vector<Distribution>& distributions() {
  static const std::vector<Distribution> list = {
      {{"input", "input(EXTENT, ...)", 1, kAnyNumber, {}}, make_input},
      {{"parameter", "parameter(EXTENT, ..., init=NUMBER)", 1, kAnyNumber, {"init"}}, make_parameter},
      {{"normal",
        "normal(MEAN, precision=1, tile=1, shape=EXTENTS, init=NUMBER)",
        1,
        1,
        {"precision", "tile", "shape", "init"}},
       make_normal},
      {{"categorical", "categorical(LOGITS, shape=EXTENTS, init=NUMBER)", 1, 1, {"shape", "init"}}, make_categorical},
      {{"bernoulli", "bernoulli(LOGITS, tile=1, shape=EXTENTS, init=NUMBER)", 1, 1, {"tile", "shape", "init"}},
       make_bernoulli},
  };
  return list;
}

}  // namespace

const Distribution* find_distribution(std::string_view name) {
  const auto found =
      std::ranges::find(distributions(), name, [](const Distribution& d) { return std::string_view(d.rule.name); });
  return found == distributions().end() ? nullptr : &*found;
}

std::vector<std::string> distribution_names() {
  std::vector<std::string> names;
  for (const Distribution& distribution : distributions()) names.push_back(distribution.rule.name);
  return names;
}

bool says_extents(const Model& model, const SyntaxNode& call) { return keyword(model, call, "shape").has_value(); }

std::optional<VertexId> declare_vertex(Model& model, const NewVertex& vertex) {
  const NodeIndex written = *keyword(model, vertex.call, "shape");
  const SyntaxNode& node = model.tree.nodes[written];
  const auto shape = shape_of(model, vertex.trial, node.at,
                              node.kind == NodeKind::list ? node.arguments : std::vector<NodeArgument>{{{}, written}});
  const auto init = keyword(model, vertex.call, "init");
  const auto first = init ? make_initializer(model, vertex.trial, *init) : Initializer();
  if (!shape || !first) return std::nullopt;
  try {
    return model.builder.declare(vertex.name, *shape, *first);
  } catch (const BadConfig& error) {
    model.diagnostics.report(vertex.at, error.what());
    return std::nullopt;
  }
}

std::optional<Initializer> make_initializer(Model& model, Inliner& trial, NodeIndex node) {
  using Kind = Initializer::Kind;
  static const std::vector<std::pair<std::string, Kind>> kinds = {
      {"normal", Kind::normal}, {"uniform", Kind::uniform}, {"fan_in", Kind::fan_in}};
  static const std::string what = "first values are a number, normal(s), uniform(s) or fan_in(n)";
  const SyntaxNode& written = model.tree.nodes[node];
  const auto kind = std::ranges::find(kinds, model.text(written.at), &std::pair<std::string, Kind>::first);
  if (written.kind != NodeKind::call || kind == kinds.end()) {
    const auto value = number(model, trial, node, what, "");
    if (!value) return std::nullopt;
    return Initializer{Kind::constant, *value};
  }
  if (!check_call(model, written, {kind->first, what, 1, 1, {}})) return std::nullopt;
  const auto scale = number(model, trial, written.arguments.front().value, what, "");
  if (!scale) return std::nullopt;
  if (*scale > 0) return Initializer{kind->second, *scale};
  model.diagnostics.report(written.at, "the argument of '" + kind->first + "' is a number above 0");
  return std::nullopt;
}

}  // namespace settle::language
