// Purpose: numbers the links of a graph. A link is one direction of an edge: what a parent sends its child, or a child
// its parent. Links into a vertex stand together, its parents' first, each in the order of their slots, so that a
// link's number orders as (receiver, slot) does. Thread rule: immutable.
#pragma once

#include <vector>

#include "actors/protocol.hpp"

namespace settle {

using LinkId = std::uint32_t;

class LinkIndex {
 public:
  explicit LinkIndex(const Graph& graph) {
    first_.reserve(graph.size() + 1);
    first_.push_back(0);
    parents_.reserve(graph.size());
    for (const Vertex& vertex : graph.vertices()) {
      parents_.push_back(static_cast<Slot>(vertex.parents.size()));
      first_.push_back(first_.back() + static_cast<LinkId>(vertex.parents.size() + vertex.children.size()));
    }
  }

  std::size_t size() const noexcept { return first_.back(); }
  LinkId first(VertexId receiver) const noexcept { return first_[receiver]; }

  // A receiver's slots of both kinds as one row: feedback stands behind the values.
  Slot place(VertexId receiver, MessageKind kind, Slot slot) const noexcept {
    return kind == MessageKind::value ? slot : parents_[receiver] + slot;
  }
  MessageKind kind(VertexId receiver, Slot place) const noexcept {
    return place < parents_[receiver] ? MessageKind::value : MessageKind::feedback;
  }
  Slot slot(VertexId receiver, Slot place) const noexcept {
    return place < parents_[receiver] ? place : place - parents_[receiver];
  }
  LinkId link(VertexId receiver, MessageKind kind, Slot slot) const noexcept {
    return first_[receiver] + place(receiver, kind, slot);
  }

 private:
  std::vector<LinkId> first_;
  std::vector<Slot> parents_;
};

}  // namespace settle
