#include "graph/describe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <unordered_map>
#include <vector>

#include "graph/topology.hpp"

namespace settle {
namespace {

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;

// Numbers line up at their last digit.
constexpr std::array<bool, kColumns> kRight = {false, false, false, false, true, true, true};

std::string kind_of(const Vertex& vertex) {
  if (vertex.kind == VertexKind::input) return "input";
  if (vertex.kind == VertexKind::parameter) return "parameter";
  return vertex.energy->name() == "gaussian" ? "normal" : std::string(vertex.energy->name());
}

std::int64_t parameters_of(const Vertex& vertex) {
  std::int64_t count = 0;
  for (const ParameterSpec& spec : vertex.parameters) count += spec.shape.size();
  return count;
}

std::string parents_of(const Graph& graph, const Vertex& vertex) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t slot = 0; slot < std::min(kShown, vertex.parents.size()); ++slot)
    text += (slot > 0 ? ", " : "") + graph[vertex.parents[slot].vertex].name;
  if (vertex.parents.size() > kShown) text += " and " + std::to_string(vertex.parents.size() - kShown) + " more";
  return text;
}

std::int64_t flops_of(const Vertex& vertex) {
  return vertex.kind == VertexKind::computed ? std::llround(vertex.program->cost(1)) : 0;
}

std::int64_t bytes_of(const Vertex& vertex, const DescribeOptions& options) {
  return vertex.childless() ? 0 : vertex.shape.size() * static_cast<std::int64_t>(options.scalar_bytes);
}

// A line for each of the first cycles.
std::string cycles_of(const Graph& graph) {
  constexpr std::size_t kShown = 8;
  const std::span<const Cycle> cycles = graph.cycles();
  std::string text;
  for (const Cycle& cycle : cycles.first(std::min(kShown, cycles.size()))) {
    text += "cycle " + to_string(graph, cycle);
    if (cycle.vertices > 1) text += ", of " + std::to_string(cycle.vertices) + " vertices that reach each other";
    text += "\n";
  }
  if (cycles.size() > kShown) text += "and " + std::to_string(cycles.size() - kShown) + " more cycles\n";
  return text;
}

// Vertices of one base and alike in all that their rows say.
struct Alike {
  std::size_t row = 0;   // the first one's
  std::size_t last = 0;  // the last one's
  std::int64_t first_index = 0;
  std::int64_t count = 0;
};

std::string name_of(const Alike& alike, const std::string& first, const std::string& last) {
  if (alike.count == 1) return first;
  const std::size_t open = first.find('[') + 1;
  const bool one_index = first.find(',') == std::string::npos;
  const std::string to = last.substr(open, last.size() - open - 1);
  const bool dense = one_index && to == std::to_string(alike.first_index + alike.count - 1);
  return (dense ? first.substr(0, first.size() - 1) + ".." + to + "]" : first + " to " + last) + " (" +
         grouped(alike.count) + ")";
}

// The rows behind the heading, those of vertices with indices that are alike put together.
std::vector<Row> summarised(const std::vector<Row>& rows) {
  std::vector<Row> result;
  std::vector<Alike> groups;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const std::size_t open = row[0].find('[');
    std::string key = row[0].substr(0, open) + (row[0].ends_with(']') ? "" : row[0]);
    for (const std::size_t column : {1U, 2U, 4U, 5U, 6U}) key += "\n" + row[column];
    const auto [place, is_new] = known.emplace(open == std::string::npos ? row[0] : key, groups.size());
    if (is_new) {
      groups.push_back({i, i, open == std::string::npos ? 0 : std::atoll(row[0].c_str() + open + 1), 1});
    } else {
      groups[place->second].last = i;
      ++groups[place->second].count;
    }
  }
  result.push_back(rows.front());
  for (const Alike& alike : groups) {
    result.push_back(rows[alike.row]);
    result.back()[0] = name_of(alike, rows[alike.row][0], rows[alike.last][0]);
    // Those of the last: the first may lie beside what a recurrence begins with.
    result.back()[3] = rows[alike.last][3];
  }
  return result;
}

std::string number_or_dash(std::int64_t number) { return number == 0 ? "-" : grouped(number); }

std::string table(const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows)
    for (std::size_t c = 0; c < kColumns; ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < kColumns; ++c) {
      const std::string padding(widths[c] - row[c].size(), ' ');
      line += (c > 0 ? "  " : "") + (kRight[c] ? padding + row[c] : row[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

// Names of a model read from a file need no quoting; those of one built in code might.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string style_of(const Vertex& vertex) {
  switch (vertex.kind) {
    case VertexKind::input:
      return "style=filled, fillcolor=lightgrey";
    case VertexKind::parameter:
      return "style=\"filled,rounded\", fillcolor=lightyellow";
    case VertexKind::computed:
      break;
  }
  return vertex.childless() ? "style=bold" : "style=solid";
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string describe(const Graph& graph, const DescribeOptions& options) {
  std::vector<Row> rows = {{"vertex", "kind", "shape", "parents", "parameters", "flops/sample", "bytes/edge"}};
  std::int64_t flops = 0;
  std::int64_t bytes = 0;
  std::uint32_t depth = 0;
  for (const Vertex& vertex : graph.vertices()) {
    const std::int64_t vertex_bytes = bytes_of(vertex, options);
    rows.push_back({vertex.name, kind_of(vertex), vertex.shape.to_string(), parents_of(graph, vertex),
                    number_or_dash(parameters_of(vertex)), number_or_dash(flops_of(vertex)),
                    number_or_dash(vertex_bytes)});
    flops += flops_of(vertex);
    if (vertex.shape.batched()) bytes += vertex_bytes * static_cast<std::int64_t>(vertex.children.size());
    depth = std::max(depth, vertex.depth);
  }
  constexpr std::size_t kMostRows = 60;
  const bool all = options.all || rows.size() <= kMostRows;
  return table(all ? rows : summarised(rows)) + "\nvertices " + grouped(static_cast<std::int64_t>(graph.size())) +
         ", edges " + grouped(static_cast<std::int64_t>(graph.edges())) + ", parameters " +
         grouped(graph.parameter_count()) + ", depth " + std::to_string(depth) + ", flops/sample " + grouped(flops) +
         ", bytes/sample " + grouped(bytes) + "\n" + cycles_of(graph);
}

std::string dot(const Graph& graph, std::span<const std::uint32_t> hosts) {
  std::string text = "digraph model {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (const Vertex& vertex : graph.vertices())
    text += "  " + quoted(vertex.name) + " [" + style_of(vertex) +
            ", label=" + quoted(vertex.name + " ~ " + kind_of(vertex)) + "];\n";
  std::map<std::uint32_t, std::string> frames;
  for (VertexId id = 0; id < hosts.size(); ++id) frames[hosts[id]] += " " + quoted(graph[id].name) + ";";
  for (const auto& [host, names] : frames)
    text += "  subgraph cluster_" + std::to_string(host) + " { label=\"host " + std::to_string(host) +
            "\"; style=rounded;" + names + " }\n";
  for (const Vertex& vertex : graph.vertices())
    for (const Edge& edge : vertex.parents) {
      const Vertex& parent = graph[edge.vertex];
      text += "  " + quoted(parent.name) + " -> " + quoted(vertex.name) +
              " [label=" + quoted(parent.shape.to_string()) + "];\n";
    }
  return text + "}\n";
}

}  // namespace settle
