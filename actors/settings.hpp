// Purpose: how nodes relax and learn, the same for every vertex of a run.
// Thread rule: immutable while nodes run.
#pragma once

#include <cstdint>
#include <optional>

#include "actors/send_delta.hpp"
#include "graph/optimizer.hpp"
#include "graph/rule.hpp"
#include "graph/trial.hpp"

namespace settle {

enum class Pacing {
  lockstep,      // neighbours step together, `steps` times
  asynchronous,  // a node acts on what has arrived, until everything is settled
};

enum class Wake {
  gather,  // first acts when each child has reported
  eager,   // acts on whatever is there
};

template <class Scalar>
struct NodeSettings {
  RulePtr<Scalar> rule;
  Pacing pacing = Pacing::asynchronous;
  Wake wake = Wake::gather;
  std::optional<std::uint64_t> steps;    // lockstep: steps of a phase (required); asynchronous: most acts of one node
  double tolerance = 0;                  // of `settled`
  std::optional<double> send_tolerance;  // asynchronous: of send-on-delta; default: `tolerance`
  SendDelta send_delta = SendDelta::mixed;
  bool mean_reduction = true;  // learn multiplies parameter gradients by 1/batch
  bool staleness = false;      // count the age of every slot that is used
  OptimizerSettings optimizer;
  std::uint64_t seed = 0;
  const ClampSource<Scalar>* source = nullptr;  // outlives the nodes

  // Parameters move in the relax phase of that trial.
  bool learns_in_relax(const Trial& trial) const {
    return trial.learn == LearnMode::update && rule && rule->learns_in_relax();
  }
};

// Errors: BadConfig naming a cycle of the graph that the rule does not relax, or that `gather` would wait on for ever;
// for a timed rule that is not in lockstep.
template <class Scalar>
void check_admitted(const Graph& graph, const NodeSettings<Scalar>& settings);

}  // namespace settle
