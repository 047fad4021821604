// Purpose: one vertex as an actor: CAF gives it turns and ends it, its mailbox and its messages are our own, which
// makes it a fifth of the size of a caf::event_based_actor and a message three times as fast. A turn delivers all that
// waits to the NodeCore, then the wake that the core asked for in the turn before, and carries out what the core sends.
// A wake is the next turn, never this one: a vertex that acted again at once would act on slots that no neighbour had
// the time to renew, a delay that strict relaxation does not survive.
// Thread rule: an actor; `post` by any thread; `core` may also be read by others while nothing is outstanding.
#pragma once

#include <atomic>
#include <optional>

#include "actors/caf/context.hpp"
#include "actors/caf/mailbox.hpp"
#include "actors/caf/parcel.hpp"

namespace settle {

template <class Scalar>
class VertexActor final : public caf::local_actor,
                          public caf::resumable,
                          public caf::dynamically_typed_actor_base,
                          public caf::non_blocking_actor_base {
 public:
  using behavior_type = caf::behavior;

  VertexActor(caf::actor_config& config, Context<Scalar>* context, VertexId id);
  ~VertexActor() override;

  NodeCore<Scalar>& core() noexcept { return *core_; }
  // Messages handled so far; any thread.
  std::uint64_t handled() const noexcept { return handled_.load(std::memory_order_relaxed); }

  // `unit`: what runs the actor that posts; null outside of actors.
  void post(std::unique_ptr<Parcel<Scalar>> parcel, caf::execution_unit* unit);

  void describe(WaitReport& report);
  void quit() noexcept { quits_ = true; }

  // What CAF asks of an actor. Of CAF's own messages a vertex knows one, the exit.
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* unit) override;
  subtype_t subtype() const override { return scheduled_actor; }
  resume_result resume(caf::execution_unit* unit, std::size_t most) override;
  void intrusive_ptr_add_ref_impl() override { caf::intrusive_ptr_add_ref(ctrl()); }
  void intrusive_ptr_release_impl() override { caf::intrusive_ptr_release(ctrl()); }
  const char* name() const override { return "vertex"; }

 private:
  void end(caf::execution_unit* unit);

  Context<Scalar>* shared_;
  VertexId id_;
  bool wake_due_ = false;
  bool quits_ = false;
  std::atomic<std::uint64_t> handled_{0};
  Mailbox<Parcel<Scalar>> mailbox_;
  std::optional<NodeCore<Scalar>> core_;
};

}  // namespace settle
