#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/model.hpp"
#include "tools/model_choice.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"dot", "FILE", "draw it: a Graphviz file (dot -Tsvg FILE shows it)"},
    {"force", "", "let --dot replace a file that is there"},
    {"print", "", "print the model's text instead of its description"},
    {"json", "", "one line of JSON"},
    kFamilyOptions[0],
    kFamilyOptions[1],
    kFamilyOptions[2],
    kFamilyOptions[3],
    kFamilyOptions[4],
};

constexpr std::string_view kDetails =
    "MODEL is a .graph file, CONFIG an .ini file that names one. All mistakes of a model are listed, each with its\n"
    "line and column (exit code 78).\n\n"
    "  settle graph configs/scalar.graph\n"
    "  settle graph model.graph --dot model.dot && dot -Tsvg model.dot > model.svg\n"
    "  settle graph --family mlp --layers 784,300,100,10 --print > mlp.graph\n";

void draw(const Graph& graph, const std::filesystem::path& file, bool replace) {
  std::error_code unknown;
  if (!replace && std::filesystem::exists(file, unknown))
    throw CannotCreate(file.string() + ": there is a file already; take another name, or give --force to replace it");
  write_file_atomically(file, dot(graph));
}

nlohmann::json named_shapes(const Graph& graph, std::span<const VertexId> ids) {
  nlohmann::json list = nlohmann::json::array();
  for (const VertexId id : ids) list.push_back({{"name", graph[id].name}, {"shape", graph[id].shape.to_string()}});
  return list;
}

// The vertices of one cycle of each strongly connected part, along the edges.
nlohmann::json named_cycles(const Graph& graph) {
  nlohmann::json list = nlohmann::json::array();
  for (const Cycle& cycle : graph.cycles()) {
    nlohmann::json& names = list.emplace_back(nlohmann::json::array());
    for (const VertexId id : cycle.path) names.push_back(graph[id].name);
  }
  return list;
}

nlohmann::json summary(const Graph& graph) {
  std::uint32_t depth = 0;
  for (const Vertex& vertex : graph.vertices()) depth = std::max(depth, vertex.depth);
  return {{"vertices", graph.size()},
          {"edges", graph.edges()},
          {"parameters", graph.parameter_count()},
          {"depth", depth},
          {"inputs", named_shapes(graph, graph.inputs())},
          {"outputs", named_shapes(graph, graph.outputs())},
          {"cycles", named_cycles(graph)}};
}

std::size_t scalar_bytes(const ModelChoice& choice) {
  return choice.config && choice.config->run.scalar == RunSectionConfig::Scalar::float64 ? 8 : 4;
}

int graph(const Arguments& arguments) {
  const Options options(arguments);
  const ModelChoice choice = choose_model(options);
  const GraphPtr model = load_model(choice.graph);
  if (const auto file = options.text("dot")) draw(*model, *file, options.has("force"));
  if (options.has("print"))
    std::cout << model_text(choice.graph);
  else if (!options.has("json"))
    std::cout << describe(*model, {scalar_bytes(choice)});
  if (options.has("json")) std::cout << summary(*model).dump() << "\n";
  return 0;
}

}  // namespace

extern const Command kGraphCommand = {
    "graph",
    "MODEL|CONFIG [--dot FILE] [--json] | --family NAME --layers N,N,... [--print]",
    "check a model, describe it and draw it",
    kOptions,
    kDetails,
    graph,
};

}  // namespace settle
