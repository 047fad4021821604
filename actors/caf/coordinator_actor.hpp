// Purpose: gates the phases of every trial: begins one, waits until nothing is outstanding, checks that every
// participant has done its duty, and goes on; at the end of a trial it reports to the feed. Thread rule: an actor.
#pragma once

#include "actors/caf/messages.hpp"
#include "actors/caf/vertex_actor.hpp"
#include "actors/cast.hpp"

namespace settle {

template <class Scalar>
class CoordinatorActor final : public caf::event_based_actor {
 public:
  CoordinatorActor(caf::actor_config& config, Context<Scalar>* context)
      : caf::event_based_actor(config), context_(context), casts_(*context->graph, context->settings) {}

  caf::behavior make_behavior() override;
  const char* name() const override { return "coordinator"; }

 private:
  void next_trial();
  void begin_phase(Phase phase);
  void phase_done();
  void note_predictions();  // of the outputs, before relaxation moves them
  void report();
  void end(std::exception_ptr failure);
  auto core_of() const {
    return [this](VertexId id) -> const NodeCore<Scalar>& { return context_->shells[id]->core(); };
  }

  Context<Scalar>* context_;
  RunFeed<Scalar> run_;
  std::shared_ptr<const Trial> asked_;  // as the feed gave it
  std::shared_ptr<const Trial> trial_;  // as the vertices are told: without learning, where one diverged
  Stamp stamp_;
  bool given_up_ = false;       // the count can no longer come to zero
  std::uint64_t sequence_ = 0;  // stamps grow over runs whatever numbers the trials have
  std::vector<Payload<Scalar>> predictions_;
  Casts<Scalar> casts_;
};

}  // namespace settle
