// Purpose: what the actors of one executor share: the routing table, the count of what is outstanding, the first
// failure. Thread rule: the vectors are filled before the first message and constant afterwards; the rest is atomic or
// locked.
#pragma once

#include <atomic>
#include <caf/all.hpp>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "actors/caf/actor_trace.hpp"
#include "actors/caf/caf_executor.hpp"
#include "actors/quiescence.hpp"

namespace settle {

template <class Scalar>
class VertexActor;

template <class Scalar>
struct Context {
  GraphPtr graph;
  NodeSettings<Scalar> settings;
  CafOptions<Scalar> options;

  std::vector<caf::actor> vertices;          // by VertexId: keeps them
  std::vector<VertexActor<Scalar>*> shells;  // routing: by VertexId; their cores are read at quiescence only
  caf::actor coordinator;

  OutstandingCount outstanding;
  std::unique_ptr<ActorTrace> trace;  // where a timeline is recorded; changed between runs only

  // Newest versions by receiving slot, where staleness is observed: slots of `id` start at offsets[id].
  std::vector<std::size_t> value_offsets;
  std::vector<std::size_t> feedback_offsets;
  std::unique_ptr<std::atomic<std::uint32_t>[]> newest_values;
  std::unique_ptr<std::atomic<std::uint32_t>[]> newest_feedback;

  void fail(std::exception_ptr cause) {
    const std::lock_guard lock(mutex);
    if (!failure) failure = std::move(cause);
  }
  // The phase that the coordinator has begun last, for the hang reporter.
  void enter(const Stamp& stamp) {
    const std::lock_guard lock(mutex);
    present = stamp;
  }
  Stamp stamp() {
    const std::lock_guard lock(mutex);
    return present;
  }
  // The first failure since it was last asked for, if any.
  std::exception_ptr take_failure() {
    const std::lock_guard lock(mutex);
    return std::exchange(failure, nullptr);
  }

  std::mutex mutex;
  Stamp present;
  std::exception_ptr failure;
};

}  // namespace settle
