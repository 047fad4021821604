// Purpose: the Executor on CAF actors, in one process and any number of threads: every vertex is an actor, the
// coordinator another. Free of CAF types, so that only actors/caf includes CAF. Phases are gated by the coordinator: it
// begins one when the count of everything outstanding has come to zero. A run that makes no progress for `hang_after`
// is reported with what every vertex waits for. Thread rule: as Executor.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "actors/executor.hpp"

namespace settle {

template <class Scalar>
struct CafOptions {
  unsigned threads = 1;
  std::chrono::milliseconds hang_after{10'000};  // 0: never
  // Called with the report of a hang, one line per waiting vertex, on a thread of its own, once per hang. Returning
  // true gives the run up: `run` throws InternalFault with the report, and so does every later one. Default: prints to
  // stderr and goes on waiting.
  std::function<bool(const std::string& report)> on_hang = nullptr;
  // For failure tests: a message for which this returns true counts as sent and never arrives.
  std::function<bool(VertexId receiver, const Message<Scalar>& message)> lose = nullptr;
};

// Errors: BadConfig without a rule (backprop is no local rule), or for lockstep without steps.
template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_caf_executor(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                    const CafOptions<Scalar>& options);

}  // namespace settle
