// Purpose: what must hold where a phase has come to rest, and what vertices then report: alike in every executor that
// runs node cores. `core_of(VertexId)` gives a `const NodeCore<Scalar>&`; `ids` rise.
// Thread rule: pure; while no core acts.
#pragma once

#include <span>
#include <string>

#include "actors/cast.hpp"
#include "actors/executor.hpp"
#include "graph/error.hpp"

namespace settle {

// Of the vertices of one host; of several hosts together once they are merged.
template <class Scalar>
struct PhaseReport {
  TrialReport<Scalar> sum;          // of predictions those of outputs that are here, the others being null
  std::optional<VertexId> refused;  // the first that did not learn, its gradient not being finite
  std::string unfinished;           // who has not done its duty in the phase and what it waits for, a line each
};

template <class CoreOf>
std::string unfinished(const Graph& graph, std::span<const VertexId> participants, const Stamp& stamp, CoreOf core_of) {
  std::string lines;
  for (const VertexId id : participants)
    if (core_of(id).report().completed != stamp)
      lines += "\n  vertex '" + graph[id].name + "': " + core_of(id).waits_for(stamp);
  return lines;
}

// Errors: InternalFault with the lines of `unfinished`, if any.
inline void check_phase_done(const Stamp& stamp, const Trial& trial, const std::string& unfinished) {
  if (!unfinished.empty())
    throw InternalFault("nothing is in flight, yet the " + std::string(phase_name(stamp.phase)) + " phase of trial " +
                        std::to_string(trial.number) + " is not done:" + unfinished);
}

// The same trial, that only takes energies: for one in which a vertex has diverged.
inline std::shared_ptr<const Trial> without_learning(const Trial& trial) {
  auto observed = std::make_shared<Trial>(trial);
  observed->learn = LearnMode::none;
  return observed;
}

template <class Scalar, class Ids, class CoreOf>
PhaseReport<Scalar> sum_of_reports(const Ids& ids, CoreOf core_of) {
  PhaseReport<Scalar> report;
  for (const VertexId id : ids) {
    add_report(report.sum, id, core_of(id).report());
    if (core_of(id).report().refused && !report.refused) report.refused = id;
  }
  return report;
}

// Adds another host's report. Requires: in the order of hosts.
template <class Scalar>
void merge(PhaseReport<Scalar>& sum, const PhaseReport<Scalar>& other) {
  const auto first = [](std::optional<VertexId>& known, std::optional<VertexId> candidate) {
    if (candidate && (!known || *candidate < *known)) known = candidate;
  };
  sum.sum.loss += other.sum.loss;
  sum.sum.free_energy += other.sum.free_energy;
  sum.sum.messages += other.sum.messages;
  sum.sum.bytes += other.sum.bytes;
  sum.sum.acts += other.sum.acts;
  sum.sum.unsettled += other.sum.unsettled;
  for (std::size_t k = 0; k < other.sum.predictions.size(); ++k)
    if (other.sum.predictions[k]) sum.sum.predictions[k] = other.sum.predictions[k];
  first(sum.sum.diverged, other.sum.diverged);
  first(sum.refused, other.refused);
  sum.unfinished += other.unfinished;
}

// What the trial reports. Whose energy is at fault is named before whose gradient that spoilt.
template <class Scalar>
TrialReport<Scalar> trial_report(const PhaseReport<Scalar>& all) {
  TrialReport<Scalar> report = all.sum;
  if (!report.diverged) report.diverged = all.refused;
  return report;
}

}  // namespace settle
