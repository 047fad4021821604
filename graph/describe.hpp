// Purpose: a graph for people: a table of its vertices with what they hold, compute and send, and a drawing.
// Caller: `settle graph`. Thread rule: pure.
#pragma once

#include <span>
#include <string>

#include "graph/graph.hpp"

namespace settle {

struct DescribeOptions {
  std::size_t scalar_bytes = 4;  // of the precision the model would run in
  bool all = false;              // a row for every vertex, however many there are
};

// One row a vertex: name, kind (input, parameter, or its distribution), shape, parents by slot, own parameters, flops
// of one prediction of one sample, and bytes that its value takes on each edge to a child: for each sample, or once a
// trial where the shape has no batch. Totals below; bytes/sample sums over edges that carry a batch. Then the cycles,
// if any: a shortest one of each strongly connected part. In a table of more than 60 rows, vertices with indices that
// differ in name and parents only share a row, named "h[2..50] (49)" or "s[1,1] to s[2,50] (100)", with the parents of
// the last.
std::string describe(const Graph& graph, const DescribeOptions& options = {});

// Graphviz: a box for each vertex, drawn by kind, and an arrow from each parent to each child with the parent's shape.
// Where `hosts` names one for each vertex, those of a host stand in a frame.
std::string dot(const Graph& graph, std::span<const std::uint32_t> hosts = {});

// "1,234,567".
std::string grouped(std::int64_t number);

}  // namespace settle
