// Purpose: the Executor on CAF actors, on any number of threads and hosts: every vertex is an actor, the coordinator
// another. Free of CAF types, so that only actors/caf includes CAF. Phases are gated by the coordinator: it begins one
// when nothing is outstanding anywhere (in one process a count has come to zero, over hosts see hosts/rest.hpp). A run
// that makes no progress for `hang_after` is reported with what every vertex waits for.
// Of several hosts, host 0 has the executor and every other one serves it; what each is given (graph, settings,
// placement, data) must be alike. Thread rule: as Executor.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "actors/executor.hpp"
#include "actors/transport.hpp"

namespace settle {

template <class Scalar>
struct CafOptions {
  unsigned threads = 1;
  HostRole<Scalar> role = {};
  std::chrono::milliseconds hang_after{10'000};  // 0: never
  // Called with the report of a hang, one line per waiting vertex, on a thread of its own, once per hang. Returning
  // true gives the run up: `run` throws InternalFault with the report, and so does every later one. Default: prints to
  // stderr and goes on waiting.
  std::function<bool(const std::string& report)> on_hang = nullptr;
  // Of every host but 0: what Executor::save_parts has it do. It is called by a thread that CAF schedules.
  PartKeeper<Scalar> keep = nullptr;
  // For failure tests: a message for which this returns true counts as sent and never arrives.
  std::function<bool(VertexId receiver, const Message<Scalar>& message)> lose = nullptr;
};

// For host 0. It is an Inspectable, too. Its `run`, and what is asked between runs, may throw PeerGone naming a host
// that is lost, or what a host failed of; it is of no more use then. Its end lets the other hosts leave. Errors:
// BadConfig without a rule (backprop is no local rule), or for lockstep without steps.
template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_caf_executor(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                    const CafOptions<Scalar>& options);

// For every other host: runs its vertices until host 0 lets it leave. Errors: as above; PeerGone where another host is
// lost; what its own vertices failed of. It has told host 0.
template <class Scalar>
void serve_caf_host(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options);

}  // namespace settle
