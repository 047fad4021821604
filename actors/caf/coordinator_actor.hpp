// Purpose: gates the phases of every trial: begins one, waits until nothing is outstanding, checks that every
// participant has done its duty, and goes on; at the end of a trial it reports to the feed. Thread rule: an actor.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "actors/caf/context.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
class CoordinatorActor final : public caf::event_based_actor {
 public:
  CoordinatorActor(caf::actor_config& config, Context<Scalar>* context)
      : caf::event_based_actor(config), context_(context) {}

  caf::behavior make_behavior() override;
  const char* name() const override { return "coordinator"; }

 private:
  // Who takes part in a phase, and who of them needs the word to begin.
  struct Cast {
    std::vector<VertexId> participants;
    std::vector<VertexId> starters;
  };
  using CastKey = std::tuple<std::shared_ptr<const std::vector<char>>, LearnMode, Phase>;

  void next_trial();
  void begin_phase(Phase phase);
  void phase_done();
  void check_participants();
  void note_predictions();  // of the outputs, before relaxation moves them
  // Where a vertex diverged in relax (or its data did) the trial only takes energies.
  void forbid_learning_from_divergence();
  void report();
  void end(std::exception_ptr failure);
  const Cast& cast(Phase phase);

  Context<Scalar>* context_;
  RunFeed<Scalar> run_;
  std::shared_ptr<const Trial> asked_;  // as the feed gave it
  std::shared_ptr<const Trial> trial_;  // as the vertices are told: without learning, where one diverged
  Stamp stamp_;
  bool given_up_ = false;       // the count can no longer come to zero
  std::uint64_t sequence_ = 0;  // stamps grow over runs whatever numbers the trials have
  std::vector<Payload<Scalar>> predictions_;
  std::map<CastKey, Cast> casts_;
};

}  // namespace settle
