// Purpose: a look at relaxation while it runs in virtual time, at moments at which nothing acts. In lockstep a sample
// is a consistent cut: every vertex has done exactly `step` steps and has formed its errors from the values of that
// step. Thread rule: called on the thread that runs the executor; reads only.
#pragma once

#include "sim/virtual/event.hpp"

namespace settle {

template <class Scalar>
class VirtualTimeExecutor;
template <class Scalar>
class Node;

template <class Scalar>
class RelaxationSample {
 public:
  RelaxationSample(const VirtualTimeExecutor<Scalar>& executor, Tick tick, std::uint64_t step, std::uint64_t messages)
      : executor_(executor), tick_(tick), step_(step), messages_(messages) {}

  Tick tick() const noexcept { return tick_; }
  // Lockstep: steps done. Asynchronous: samples before this one.
  std::uint64_t step() const noexcept { return step_; }
  std::uint64_t messages() const noexcept { return messages_; }  // sent in the trial so far
  const Graph& graph() const noexcept;
  const Node<Scalar>& node(VertexId id) const;

 private:
  const VirtualTimeExecutor<Scalar>& executor_;
  Tick tick_;
  std::uint64_t step_;
  std::uint64_t messages_;
};

// Called in every trial that relaxes: when the phase starts, after every lockstep step or every `sample_every` ticks
// (not where nothing has happened since the last sample), and when the phase ends.
template <class Scalar>
class RelaxationObserver {
 public:
  virtual ~RelaxationObserver() = default;
  virtual void sample(const RelaxationSample<Scalar>& sample) = 0;
};

}  // namespace settle
