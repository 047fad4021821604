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
    receivers_.reserve(graph.size());
    for (const Vertex& vertex : graph.vertices()) {
      receivers_.push_back({size_, static_cast<Slot>(vertex.parents.size())});
      size_ += static_cast<LinkId>(vertex.parents.size() + vertex.children.size());
    }
  }

  std::size_t size() const noexcept { return size_; }
  LinkId first(VertexId receiver) const noexcept { return receivers_[receiver].first; }

  // A receiver's slots of both kinds as one row: feedback stands behind the values.
  Slot place(VertexId receiver, MessageKind kind, Slot slot) const noexcept {
    return kind == MessageKind::value ? slot : receivers_[receiver].parents + slot;
  }
  MessageKind kind(VertexId receiver, Slot place) const noexcept {
    return place < receivers_[receiver].parents ? MessageKind::value : MessageKind::feedback;
  }
  Slot slot(VertexId receiver, Slot place) const noexcept {
    const Slot parents = receivers_[receiver].parents;
    return place < parents ? place : place - parents;
  }
  LinkId link(VertexId receiver, MessageKind kind, Slot slot) const noexcept {
    return receivers_[receiver].first + place(receiver, kind, slot);
  }

 private:
  struct Receiver {
    LinkId first;
    Slot parents;
  };
  std::vector<Receiver> receivers_;
  LinkId size_ = 0;
};

}  // namespace settle
