#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/model.hpp"
#include "tools/graphviz.hpp"
#include "tools/model_choice.hpp"
#include "tools/placement_report.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"all", "", "a row for every vertex, also for those of a repeat that are alike"},
    {"dot", "FILE", "draw it: a Graphviz file"},
    {"svg", "FILE", "draw it: a picture, by Graphviz's program dot"},
    {"force", "", "let --dot and --svg replace a file that is there"},
    {"hosts", "N", "place the vertices on N hosts: what each computes, what travels between them"},
    {"pin", "LIST", "with --hosts: where vertices must be, by patterns of names: '0: h1*; 1: y'"},
    {"print", "", "print the model's text instead of its description"},
    {"json", "", "one line of JSON"},
    kGranularity,
    kFamilyOptions[0],
    kFamilyOptions[1],
    kFamilyOptions[2],
    kFamilyOptions[3],
    kFamilyOptions[4],
    kFamilyOptions[5],
    kFamilyOptions[6],
    kFamilyOptions[7],
    kFamilyOptions[8],
};

constexpr std::string_view kDetails =
    "MODEL is a .graph or .onnx file, CONFIG an .ini file that names one. All mistakes of a .graph file are listed, "
    "each\n"
    "with its line and column (exit code 78).\n\n"
    "  settle graph configs/scalar.graph\n"
    "  settle graph model.graph --svg model.svg\n"
    "  settle graph model.onnx --granularity op\n"
    "  settle graph model.graph --hosts 4 --pin '0: x, y' --svg placement.svg\n"
    "  settle graph --family mlp --layers 784,300,100,10 --print > mlp.graph\n\n"
    "A family writes a model's text from a list of layers, the sample's extents first, the number of output units "
    "last:\n\n"
    "  mlp              784, 300, 100 relu, 10\n"
    "  cnn              3x32x32, conv 6 5 relu, maxpool 2, conv 16 5 stride 2 pad same, avgpool 2, 200 relu, 10\n"
    "  residual         3x32x32, conv 16 3 pad same, block 16 3, block 32 3 stride 2, 10; or 784, 100, block 100, 10\n"
    "  rnn, lstm, gru   50x65, 128, 128, 65: steps x features, hidden units of each layer, output units\n\n"
    "UNITS is a linear layer, `conv CHANNELS KERNEL` a convolution, `block` two layers with a connection around them; "
    "a\n"
    "kernel is a number or one an axis (3x5). A layer may end with its activation.\n";

void check_new(const std::filesystem::path& file, bool replace) {
  std::error_code unknown;
  if (!replace && std::filesystem::exists(file, unknown))
    throw CannotCreate(file.string() + ": there is a file already; take another name, or give --force to replace it");
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
  const auto dot_file = options.text("dot");
  const auto svg_file = options.text("svg");
  for (const auto& file : {dot_file, svg_file})
    if (file) check_new(*file, options.has("force"));
  const std::optional<PlacementReport> placed = placement_report(options, *model, scalar_bytes(choice));
  const std::string drawing =
      dot(*model, placed ? std::span<const HostId>(placed->placement) : std::span<const HostId>());
  if (dot_file) write_file_atomically(*dot_file, drawing);
  if (svg_file) write_file_atomically(*svg_file, drawn_as_svg(drawing));
  if (options.has("print"))
    std::cout << model_text(choice.graph);
  else if (!options.has("json"))
    std::cout << describe(*model, {scalar_bytes(choice), options.has("all")})
              << (placed ? "\n" + to_text(*placed) : "");
  if (!options.has("json")) return 0;
  nlohmann::json json = summary(*model);
  if (placed) json["placement"] = to_json(*placed, *model);
  std::cout << json.dump() << "\n";
  return 0;
}

}  // namespace

extern const Command kGraphCommand = {
    "graph",
    "MODEL|CONFIG [--hosts N] [--svg FILE] [--dot FILE] [--json] | --family NAME --layers LIST [--print]",
    "check a model, describe it and draw it",
    kOptions,
    kDetails,
    graph,
};

}  // namespace settle
