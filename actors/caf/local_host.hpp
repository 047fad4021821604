// Purpose: this process's share of a run: it has its vertices begin a phase, says when nothing of theirs is
// outstanding, and what they report. Where there are several hosts a clamped input has a replica on every host that has
// a child of it: data never crosses hosts. Callers: the coordinator on host 0, the worker on the others. Thread rule:
// one owner, an actor; all but `begin` only while nothing is outstanding.
#pragma once

#include "actors/caf/context.hpp"
#include "actors/cast.hpp"
#include "actors/hosts/rest.hpp"
#include "actors/phase_end.hpp"

namespace settle {

template <class Scalar>
class LocalHost {
 public:
  explicit LocalHost(Context<Scalar>& context);

  // Where `idle` already gives counts when it returns, no PhaseDone will come.
  void begin(const Stamp& stamp, std::shared_ptr<const Trial> trial, caf::execution_unit* unit);
  const Stamp& stamp() const noexcept { return stamp_; }

  // What was sent and received so far, where nothing is outstanding; nothing where something is: a PhaseDone follows.
  std::optional<HostCounts> idle() const;

  // Of the phase that is at rest here. The sums are left out after a predict phase that relax follows; there the
  // predictions of the outputs are in, those of other hosts being null.
  PhaseReport<Scalar> report();

 private:
  Context<Scalar>& context_;
  Casts<Scalar> casts_;
  std::vector<VertexId> own_;  // in graph order; replicas are none of them
  Stamp stamp_;
  std::shared_ptr<const Trial> trial_;
};

}  // namespace settle
