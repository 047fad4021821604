// Purpose: the order that edges give a graph's vertices, and its cycles. A vertex lies on a cycle where a path of edges
// leads from it back to it, an edge to itself included; the vertices that reach each other form one part (a strongly
// connected component), and the parts form a graph without cycles, which order, depth and height are taken from.
// Source: Tarjan 1972. Caller: GraphBuilder. Thread rule: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace settle {

struct Topology {
  std::vector<VertexId> order;        // as Graph::order()
  std::vector<Cycle> cycles;          // as Graph::cycles()
  std::vector<char> on_cycle;         // by vertex
  std::vector<std::uint32_t> depth;   // by vertex, as Vertex::depth
  std::vector<std::uint32_t> height;  // by vertex, as Vertex::height
};

// Reads parents and children only. Time and memory are linear in vertices and edges, whatever the depth.
Topology topology(std::span<const Vertex> vertices);

// "h -> y -> h".
std::string to_string(const Graph& graph, const Cycle& cycle);

}  // namespace settle
