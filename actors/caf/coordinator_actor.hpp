// Purpose: gates the phases of every trial over all hosts: begins one, waits until nothing is outstanding anywhere,
// checks that every participant has done its duty, and goes on; at the end of a trial it reports to the feed.
// Thread rule: an actor of host 0.
#pragma once

#include "actors/caf/local_host.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
class CoordinatorActor final : public caf::event_based_actor {
 public:
  CoordinatorActor(caf::actor_config& config, Context<Scalar>* context)
      : caf::event_based_actor(config),
        context_(context),
        local_(*context),
        detector_(context->options.role.hosts),
        reports_(context->options.role.hosts) {}

  caf::behavior make_behavior() override;
  const char* name() const override { return "coordinator"; }

 private:
  void next_trial();
  void begin_phase(Phase phase);
  void look_for_rest();  // something has become idle
  void phase_done();
  void report(const PhaseReport<Scalar>& all);
  void take(const ControlArrived& message);
  void give_up(std::exception_ptr cause);
  void end(std::exception_ptr failure);
  void tell_others(ControlKind kind, const Bytes& content);

  Context<Scalar>* context_;
  RunFeed<Scalar> run_;
  std::shared_ptr<const Trial> asked_;  // as the feed gave it
  std::shared_ptr<const Trial> trial_;  // as the vertices are told: without learning, where one diverged
  Stamp stamp_;
  std::exception_ptr given_up_;  // why phases can no longer come to rest
  std::uint64_t sequence_ = 0;   // stamps grow over runs whatever numbers the trials have
  LocalHost<Scalar> local_;
  RestDetector detector_;
  std::vector<PhaseReport<Scalar>> reports_;  // by host, of the last wave
  std::vector<Payload<Scalar>> predictions_;
};

}  // namespace settle
