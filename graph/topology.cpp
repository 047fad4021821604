#include "graph/topology.hpp"

#include <algorithm>
#include <limits>

namespace settle {
namespace {

constexpr std::uint32_t kUnseen = std::numeric_limits<std::uint32_t>::max();

// Tarjan's algorithm along the edges to parents, with a stack of its own: it completes a part after all parts above it,
// so that parts come out in the order of evaluation.
class Parts {
 public:
  explicit Parts(std::span<const Vertex> vertices)
      : vertices_(vertices), number_(vertices.size(), kUnseen), lowest_(vertices.size(), 0), part(vertices.size(), 0) {
    for (VertexId id = 0; id < vertices.size(); ++id)
      if (number_[id] == kUnseen) explore(id);
  }

 private:
  struct Visit {
    VertexId vertex;
    Slot next;  // the parent to look at next
  };

  void enter(VertexId id) {
    number_[id] = lowest_[id] = entered_++;
    open_.push_back(id);
    path_.push_back({id, 0});
  }

  void explore(VertexId root) {
    enter(root);
    while (!path_.empty()) {
      const VertexId id = path_.back().vertex;
      if (path_.back().next < vertices_[id].parents.size()) {
        const VertexId parent = vertices_[id].parents[path_.back().next++].vertex;
        if (number_[parent] == kUnseen)
          enter(parent);
        else if (part[parent] == 0)
          lowest_[id] = std::min(lowest_[id], number_[parent]);
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) lowest_[path_.back().vertex] = std::min(lowest_[path_.back().vertex], lowest_[id]);
      if (lowest_[id] == number_[id]) close(id);
    }
  }

  void close(VertexId root) {
    ++count;
    const auto begin = order.size();
    VertexId id = root;
    do {
      id = open_.back();
      open_.pop_back();
      part[id] = count;
      order.push_back(id);
    } while (id != root);
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin), order.end());
  }

  std::span<const Vertex> vertices_;
  std::vector<std::uint32_t> number_;  // in order of first visit
  std::vector<std::uint32_t> lowest_;  // the smallest number that is known to be reached
  std::vector<VertexId> open_;         // visited, in no part yet
  std::vector<Visit> path_;
  std::uint32_t entered_ = 0;

 public:
  std::vector<std::uint32_t> part;  // by vertex, from 1; 0: in none yet
  std::vector<VertexId> order;
  std::uint32_t count = 0;
};

// A shortest cycle through `start`, by breadth first along children. Requires: `start` lies on one.
std::vector<VertexId> shortest_cycle(std::span<const Vertex> vertices, const std::vector<std::uint32_t>& part,
                                     std::vector<VertexId>& came_from, VertexId start) {
  std::vector<VertexId> reached = {start};
  for (std::size_t next = 0; next < reached.size(); ++next)
    for (const Edge& edge : vertices[reached[next]].children) {
      if (edge.vertex == start) {
        std::vector<VertexId> path;
        for (VertexId id = reached[next]; id != start; id = came_from[id]) path.push_back(id);
        path.push_back(start);
        std::ranges::reverse(path);
        return path;
      }
      if (part[edge.vertex] != part[start] || came_from[edge.vertex] != kUnseen) continue;
      came_from[edge.vertex] = reached[next];
      reached.push_back(edge.vertex);
    }
  return {};
}

bool has_edge_to_itself(std::span<const Vertex> vertices, VertexId id) {
  return std::ranges::any_of(vertices[id].parents, [&](const Edge& edge) { return edge.vertex == id; });
}

// The longest path within `edges` that leads from another part; vertices of one part have the same.
template <class Order>
std::vector<std::uint32_t> longest_paths(std::span<const Vertex> vertices, const Parts& parts, const Order& order,
                                         std::vector<Edge> Vertex::*edges) {
  std::vector<std::uint32_t> by_part(parts.count + 1, 0);
  for (const VertexId id : order)
    for (const Edge& edge : vertices[id].*edges)
      if (parts.part[edge.vertex] != parts.part[id])
        by_part[parts.part[id]] = std::max(by_part[parts.part[id]], by_part[parts.part[edge.vertex]] + 1);
  std::vector<std::uint32_t> by_vertex;
  for (const std::uint32_t part : parts.part) by_vertex.push_back(by_part[part]);
  return by_vertex;
}

}  // namespace

Topology topology(std::span<const Vertex> vertices) {
  const Parts parts(vertices);
  Topology result;
  result.order = parts.order;
  result.on_cycle.assign(vertices.size(), 0);
  result.depth = longest_paths(vertices, parts, parts.order, &Vertex::parents);
  result.height =
      longest_paths(vertices, parts, std::vector(parts.order.rbegin(), parts.order.rend()), &Vertex::children);
  std::vector<VertexId> came_from(vertices.size(), kUnseen);
  for (std::size_t begin = 0, end = 0; begin < parts.order.size(); begin = end) {
    const VertexId first = parts.order[begin];
    while (end < parts.order.size() && parts.part[parts.order[end]] == parts.part[first]) ++end;
    if (end - begin == 1 && !has_edge_to_itself(vertices, first)) continue;
    result.cycles.push_back({shortest_cycle(vertices, parts.part, came_from, first), end - begin});
    for (std::size_t k = begin; k < end; ++k) result.on_cycle[parts.order[k]] = 1;
  }
  return result;
}

std::string to_string(const Graph& graph, const Cycle& cycle) {
  std::string text;
  for (const VertexId id : cycle.path) text += graph[id].name + " -> ";
  return text + graph[cycle.path.front()].name;
}

}  // namespace settle
