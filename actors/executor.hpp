// Purpose: what runs nodes. A session describes trials; an executor carries them out and reports.
// `run` streams: it asks the feed for the next trial as soon as one ends, on a thread of its own choosing, so that
// short trials do not pay for a hand-over. Between runs nodes rest and may be observed, saved and restored. Errors:
// InternalFault where an invariant of ours fails (a vertex that never acted, a lost message). Thread rule: one caller;
// the feed is called by one thread at a time, never after `run` has returned.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/node_core.hpp"
#include "actors/placement.hpp"
#include "actors/state.hpp"
#include "actors/timeline.hpp"

namespace settle {

template <class Scalar>
struct TrialReport {
  double loss = 0;         // energy of the clamped computed vertices after predict, summed over the batch
  double free_energy = 0;  // of all vertices after relax, summed over the batch
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t acts = 0;
  std::uint64_t unsettled = 0;               // vertices that stopped at `steps` before they had settled
  std::optional<VertexId> diverged;          // the first in graph order
  std::vector<Payload<Scalar>> predictions;  // of graph.outputs(), in that order, as the predict phase made them
};

template <class Scalar>
class TrialFeed {
 public:
  virtual ~TrialFeed() = default;
  // Null ends the run.
  virtual std::shared_ptr<const Trial> next() = 0;
  virtual void finished(const Trial& trial, const TrialReport<Scalar>& report) = 0;
};

enum class Quantity {
  value,           // [batch, ...]
  prediction,      // [batch, ...]
  weighted_error,  // xi, [batch, ...]; under fixed prediction at rest -dL/dv^
  precision,       // [batch, ...]
};

// What a host does with the state of its own vertices on an order from host 0, and what it answers.
template <class Scalar>
using PartKeeper = std::function<std::vector<char>(HostId self, const State<Scalar>& own, std::span<const char> order)>;

template <class Scalar>
class Executor {
 public:
  virtual ~Executor() = default;

  virtual void run(TrialFeed<Scalar>& feed) = 0;

  // --- between runs ---
  // From the next run on it adds what it does to `timeline`, which outlives that; null: to none. An executor without
  // actors adds nothing.
  virtual void record(Timeline* timeline) { static_cast<void>(timeline); }
  virtual Tensor<Scalar> observe(VertexId vertex, Quantity quantity) const = 0;
  // What the last trial read out: one tensor per own parameter; of an input, dL/dv.
  virtual std::vector<Tensor<Scalar>> gradients(VertexId vertex) const = 0;
  virtual State<Scalar> save() const = 0;
  // All hosts at the same time hand their own vertices' state to a keeper: this one to `here`, any other to the one
  // that it serves with. The answers, by host. Errors: the first host's that has any, once none keeps any more.
  virtual std::vector<std::vector<char>> save_parts(const PartKeeper<Scalar>& here, std::span<const char> order) const;
  virtual void restore(const State<Scalar>& state, bool partial) = 0;
  virtual AgeHistogram ages() const = 0;
  // What every vertex reports of the last trial.
  virtual std::vector<VertexReport> reports() const = 0;
  std::vector<double> energies() const;     // of them
  std::vector<std::uint64_t> acts() const;  // likewise
};

template <class Scalar>
Tensor<Scalar> observe_node(const Node<Scalar>& node, Quantity quantity);

// Adds one vertex's report. Requires: called in graph order, so that sums are the same for any placement.
template <class Scalar>
void add_report(TrialReport<Scalar>& sum, VertexId vertex, const VertexReport& report);

// Runs one trial and hands back its report.
template <class Scalar>
TrialReport<Scalar> run_trial(Executor<Scalar>& executor, std::shared_ptr<const Trial> trial);

}  // namespace settle
