// Purpose: who takes part in a phase of a trial, and who of them needs the coordinator's word to begin; kept from trial
// to trial. Callers: what gates the phases of executors. Thread rule: one owner.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "actors/node_core.hpp"

namespace settle {

struct Cast {
  std::vector<VertexId> participants;
  std::vector<VertexId> starters;
};

template <class Scalar>
class Casts {
 public:
  // Whether a vertex's part in that phase is played here, where there are several hosts. Null: all are.
  using Here = std::function<bool(VertexId, Phase, const Trial&)>;

  // Requires: both outlive it.
  Casts(const Graph& graph, const NodeSettings<Scalar>& settings, Here here = nullptr)
      : graph_(&graph), settings_(&settings), here_(std::move(here)) {}
  Casts(const Graph&, NodeSettings<Scalar>&&, Here = nullptr) = delete;

  const Cast& of(const Trial& trial, Phase phase);

 private:
  using Key = std::tuple<std::shared_ptr<const std::vector<char>>, LearnMode, Phase>;

  const Graph* graph_;
  const NodeSettings<Scalar>* settings_;
  Here here_;
  std::map<Key, Cast> casts_;
};

}  // namespace settle
