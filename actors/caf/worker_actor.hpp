// Purpose: a host's side of the phases that the coordinator on host 0 gates: begins them for the vertices that are
// here, says when nothing of theirs is outstanding, and answers what is asked. Ends its host's service when it is let
// go, when any host is lost, or when a vertex fails. Thread rule: an actor of every host but 0.
#pragma once

#include "actors/caf/caf_host.hpp"
#include "actors/caf/local_host.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
class WorkerActor final : public caf::event_based_actor {
 public:
  // Requires: both outlive it. `ended` is set once.
  WorkerActor(caf::actor_config& config, CafHost<Scalar>* host, std::promise<void>* ended)
      : caf::event_based_actor(config), host_(host), done_(ended), local_(host->context()) {}

  caf::behavior make_behavior() override;
  const char* name() const override { return "worker"; }

 private:
  void take(const ControlArrived& message);
  void begin(const BeginOrder& order);
  void look_for_idleness();
  template <class Content>
  void tell_coordinator(ControlKind kind, Content content);
  void fail(std::exception_ptr cause);
  void end(std::exception_ptr cause);

  CafHost<Scalar>* host_;
  std::promise<void>* done_;  // null once it is set
  LocalHost<Scalar> local_;
  std::vector<VertexId> clamped_ids_;
  std::shared_ptr<const std::vector<char>> clamped_;  // the same as long as the ids are
};

}  // namespace settle
