// Purpose: one vertex as an actor: it delivers messages to its NodeCore and carries out what the core puts in its
// outbox. Thread rule: an actor; `core` may also be read by others while nothing is outstanding.
#pragma once

#include <atomic>
#include <optional>

#include "actors/caf/context.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
class VertexActor final : public caf::event_based_actor, private Outbox<Scalar> {
 public:
  VertexActor(caf::actor_config& config, Context<Scalar>* context, VertexId id);

  NodeCore<Scalar>& core() noexcept { return *core_; }
  // Messages handled so far; any thread.
  std::uint64_t handled() const noexcept { return handled_.load(std::memory_order_relaxed); }

  caf::behavior make_behavior() override;
  void on_exit() override { core_.reset(); }
  const char* name() const override { return "vertex"; }

 private:
  // Runs one delivery, then counts it off.
  template <class Delivery>
  void handle(Delivery deliver);

  void send(VertexId receiver, const Message<Scalar>& message) override;
  void wake() override;
  std::uint32_t newest(MessageKind kind, Slot slot) const override;

  Context<Scalar>* context_;
  VertexId id_;
  bool ticks_;
  std::optional<NodeCore<Scalar>> core_;
  std::atomic<std::uint64_t> handled_{0};
};

}  // namespace settle
