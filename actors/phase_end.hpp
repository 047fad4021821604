// Purpose: what must hold where a phase has come to rest, and what a trial then reports: alike in every executor that
// runs node cores. `core_of(VertexId)` gives a `const NodeCore<Scalar>&`. Thread rule: pure; while no core acts.
#pragma once

#include <string>

#include "actors/cast.hpp"
#include "actors/executor.hpp"
#include "graph/error.hpp"

namespace settle {

// Errors: InternalFault naming every participant that has not done its duty in the phase, and what it waits for.
template <class CoreOf>
void check_phase_done(const Graph& graph, const Cast& cast, const Stamp& stamp, const Trial& trial, CoreOf core_of) {
  std::string missing;
  for (const VertexId id : cast.participants)
    if (core_of(id).report().completed != stamp)
      missing += "\n  vertex '" + graph[id].name + "': " + core_of(id).waits_for(stamp);
  if (!missing.empty())
    throw InternalFault("nothing is in flight, yet the " + std::string(phase_name(stamp.phase)) + " phase of trial " +
                        std::to_string(trial.number) + " is not done:" + missing);
}

// The trial itself; where a vertex has diverged, one that only takes energies.
template <class CoreOf>
std::shared_ptr<const Trial> without_learning_from_divergence(const Graph& graph, std::shared_ptr<const Trial> trial,
                                                              CoreOf core_of) {
  for (VertexId id = 0; id < graph.size(); ++id) {
    if (!core_of(id).report().diverged) continue;
    auto observed = std::make_shared<Trial>(*trial);
    observed->learn = LearnMode::none;
    return observed;
  }
  return trial;
}

// All reports in graph order, without the predictions.
template <class Scalar, class CoreOf>
TrialReport<Scalar> sum_of_reports(const Graph& graph, CoreOf core_of) {
  TrialReport<Scalar> sum;
  for (VertexId id = 0; id < graph.size(); ++id) add_report(sum, id, core_of(id).report());
  // Whose energy is at fault is named before whose gradient that spoilt.
  for (VertexId id = 0; id < graph.size() && !sum.diverged; ++id)
    if (core_of(id).report().refused) sum.diverged = id;
  return sum;
}

}  // namespace settle
