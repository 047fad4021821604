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

  std::vector<caf::actor> vertices;          // keeps those that are here
  std::vector<VertexActor<Scalar>*> shells;  // routing: by VertexId, null: elsewhere; cores are read at quiescence only
  caf::actor gate;                           // is told when nothing is outstanding: the coordinator, or a worker

  OutstandingCount outstanding;

  // --- where there are several hosts ---
  std::shared_ptr<const std::vector<char>> clamped;    // of this trial; written before its vertices begin
  alignas(64) std::atomic<std::uint64_t> sent{0};      // to vertices of other hosts, before the act that sends is over
  alignas(64) std::atomic<std::uint64_t> received{0};  // from them, after the outstanding count was raised for it

  bool alone() const noexcept { return options.role.hosts == 1; }
  bool owns(VertexId id) const noexcept { return alone() || options.role.placement[id] == options.role.self; }
  // Held to data that every host reads for its own vertices.
  bool replicated(VertexId id) const { return (*graph)[id].kind == VertexKind::input && (*clamped)[id] != 0; }

  std::unique_ptr<ActorTrace> trace;  // where a timeline is recorded; changed between runs only

  // Newest versions by receiving slot, where staleness is observed: slots of `id` start at offsets[id].
  std::vector<std::size_t> value_offsets;
  std::vector<std::size_t> feedback_offsets;
  std::unique_ptr<std::atomic<std::uint32_t>[]> newest_values;
  std::unique_ptr<std::atomic<std::uint32_t>[]> newest_feedback;

  // Where staleness is observed: that version is on its way, or has come from another host.
  void note_newest(VertexId receiver, const Message<Scalar>& message) {
    if (!newest_values) return;
    const bool value = message.kind == MessageKind::value;
    const auto& offsets = value ? value_offsets : feedback_offsets;
    (value ? newest_values : newest_feedback)[offsets[receiver] + message.slot].store(message.version,
                                                                                      std::memory_order_relaxed);
  }
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
