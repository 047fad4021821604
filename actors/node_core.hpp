// Purpose: the pure state machine of one vertex: (state, message) -> state' + outbox. It decides when to form what and
// whom to tell; the numbers are Node's. No clock, thread, randomness, file or CAF in it: executors only carry messages.
//
// predict   acts once: when begun and every parent's value is here; sends its value to its children. A vertex on a
// cycle
//           has its value when it is begun and sends it at once, or its neighbours and it would wait for each other.
// relax     asynchronous: acts on what has arrived, sends what changed by more than `send_tolerance` (its first report
//           always), ticks itself while it is not settled; where rates follow curvature it moves on only when each
//           child has answered its last value, by feedback or by a token. lockstep: step t sends value(t), then
//           feedback(t) once every moving parent's value(t) is here, then forms t+1 once every child's feedback(t) is
//           here.
// learn     takes its energy, sends feedback to parameter vertices (and inputs, where gradients are read out), moves
//           its own parameters. A parameter vertex moves when every child has reported.
//           Where the rule learns in relax, parameter vertices move there as values do, and here nothing does.
//
// Invariant: a payload that was sent is never written again; an older version never overwrites a newer one.
// Thread rule: one owner (an actor); see Outbox for what it calls.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "actors/protocol.hpp"
#include "actors/settings.hpp"
#include "graph/node.hpp"

namespace settle {

// Where a core's messages go. Implemented by the shells of executors.
template <class Scalar>
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void send(VertexId receiver, const Message<Scalar>& message) = 0;
  // Calls `wake` of the same core after what now waits in its mailbox.
  virtual void wake() = 0;
  // An act uses one of the core's own slots: the newest version sent to it so far. Asked only where `staleness` is on.
  virtual std::uint32_t newest(MessageKind kind, Slot slot) = 0;
};

// What a vertex tells the coordinator at the end of a phase.
struct VertexReport {
  Stamp completed;             // the last phase whose duties are done
  double loss = 0;             // its energy after predict, where it is clamped and computed
  double energy = 0;           // its energy after relax
  std::uint64_t messages = 0;  // sent in this trial
  std::uint64_t bytes = 0;     // of their tensors
  std::uint64_t acts = 0;      // in this trial's relax phase
  bool unsettled = false;      // stopped at `steps`
  bool diverged = false;       // a value or an energy is not finite, ran away, or a precision was not positive
  bool refused = false;        // a parameter vertex that has not learned: its gradient is not finite
};

// How many versions behind the sender's newest a slot was when it was used; the last entry counts all that are older.
using AgeHistogram = std::array<std::uint64_t, 16>;

template <class Scalar>
class NodeCore {
 public:
  NodeCore(const Graph& graph, VertexId id, const NodeSettings<Scalar>& settings);

  void begin(const Begin& begin, Outbox<Scalar>& outbox);
  void receive(const Message<Scalar>& message, Outbox<Scalar>& outbox);
  void wake(Outbox<Scalar>& outbox);

  // A message for that slot will be received soon: has memory fetch what it goes to.
  void expect(MessageKind kind, Slot slot) const noexcept {
    __builtin_prefetch(&(kind == MessageKind::value ? values_ : feedback_)[slot], 1);
  }

  const VertexReport& report() const noexcept { return report_; }
  const Stamp& stamp() const noexcept { return stamp_; }  // the phase it is in
  Node<Scalar>& node() noexcept { return node_; }
  const Node<Scalar>& node() const noexcept { return node_; }
  const std::vector<Tensor<Scalar>>& gradients() const noexcept { return gradients_; }  // of the last read-out

  // Ages of the slots used so far, where `staleness` is on.
  AgeHistogram ages() const noexcept { return ages_ ? *ages_ : AgeHistogram{}; }

  // "relax step 3, waits for feedback from 'y' (slot 0)"; empty where it waits for nothing. `present` is the phase that
  // the coordinator is in, which the vertex may not have heard of.
  std::string waits_for(const Stamp& present = {}) const;

  // True where the coordinator's word is needed to get the vertex going in that phase of `trial`; others enter it on
  // their first message. A vertex without duties in the phase is not a participant.
  static bool starts(const Graph& graph, VertexId id, Phase phase, const Trial& trial,
                     const NodeSettings<Scalar>& settings);
  static bool participates(const Graph& graph, VertexId id, Phase phase, const Trial& trial,
                           const NodeSettings<Scalar>& settings);

 private:
  struct Inbound {               // one slot in this phase; small, for there are many
    std::uint32_t versions = 0;  // one more than that of what came
    bool reported() const noexcept { return versions > 0; }
    std::uint32_t version() const noexcept { return versions - 1; }
  };
  struct Early {  // lockstep: what came over an edge for the following step
    MessageKind kind;
    bool token;
    Slot slot;
    Payload<Scalar> tensor;
  };
  struct Sent {                                    // what went out last over one edge, or over all edges to children
    [[no_unique_address]] Payload<Scalar> tensor;  // of float, its padding holds what follows
    std::uint32_t versions : 31 = 0;
    std::uint32_t moving : 1 = 0;  // the parent is; of feedback
  };
  struct Lockstep {
    bool values_sent = false;
    bool refreshed = false;
    std::uint32_t moving_parents = 0;
    std::uint32_t reporting_children = 0;
    std::vector<Early> early;
    std::array<std::array<std::uint32_t, 2>, 2> arrived{};  // by kind, by parity of the step
  };

  // Asynchronously, where rates follow curvature; counts of values are modulo 2^16, as in a message.
  struct Answers {
    std::uint32_t missing = 0;         // children that do not know the newest value sent
    std::vector<std::uint16_t> known;  // by child slot: how many of this vertex's values the child has
    std::vector<std::uint16_t> told;   // by parent slot: how many of its values the parent knows to be here
  };

  // Returns false for a phase that is entered already.
  bool enter(const Stamp& stamp);
  // Neither clamped in this trial nor a parameter vertex, which moves where parameters do in relax.
  bool moving(VertexId id) const;
  bool wants_leaf_feedback(VertexId id) const;  // a parent that is told in learn
  void store(const Message<Scalar>& message);
  void store(MessageKind kind, Slot slot, const Payload<Scalar>& tensor);
  void post(Outbox<Scalar>& outbox, VertexId receiver, MessageKind kind, Slot slot, std::uint32_t version,
            const Payload<Scalar>& tensor, bool token = false, std::uint32_t heard = 0);
  void post_value(Outbox<Scalar>& outbox, std::uint32_t version, const Payload<Scalar>& tensor, bool token = false);
  void bound_curvature();
  void refresh();    // through the rule
  Change advance();  // through the rule, parameters too where they move in relax
  double reduction() const { return settings_->mean_reduction ? 1.0 / static_cast<double>(trial_->batch()) : 1.0; }
  void note(const Change& change);
  void conclude() { report_.completed = stamp_; }

  void predict_if_ready(Outbox<Scalar>& outbox);

  // node_core_asynchronous.cpp
  void receive_asynchronous(const Message<Scalar>& message, Outbox<Scalar>& outbox);
  void act(Outbox<Scalar>& outbox);
  void report_changes(Outbox<Scalar>& outbox);
  void count_ages(Outbox<Scalar>& outbox);
  void begin_answers();
  void note_answer(const Message<Scalar>& feedback);
  bool waits_for_answers() const noexcept { return answers_ && answers_->missing > 0; }
  void schedule(Outbox<Scalar>& outbox);

  // node_core_lockstep.cpp
  void begin_lockstep();
  void receive_lockstep(const Message<Scalar>& message);
  void take_in(MessageKind kind, Slot slot, bool token, const Payload<Scalar>& tensor);
  void step(Outbox<Scalar>& outbox);
  void next_step();

  // node_core_learn.cpp
  void begin_learn(Outbox<Scalar>& outbox);
  void learn_if_ready();
  void learn();

  const Graph* graph_;
  const NodeSettings<Scalar>* settings_;
  VertexId id_;
  Node<Scalar> node_;
  VertexReport report_;
  std::unique_ptr<AgeHistogram> ages_;  // where staleness is observed

  Stamp stamp_;  // the phase it is in
  std::shared_ptr<const Trial> trial_;
  bool begun_ = false;             // the coordinator's word for stamp_ is here
  std::uint32_t pending_ = 0;      // slots that have not reported in this phase
  std::vector<Inbound> values_;    // by parent slot
  std::vector<Inbound> feedback_;  // by child slot
  std::vector<Tensor<Scalar>> gradients_;

  // asynchronous
  bool scheduled_ = false;  // a wake is under way
  bool stopped_ = false;    // reached `steps`, or diverged
  Sent sent_value_;
  std::vector<Sent> sent_feedback_;   // by parent slot
  std::unique_ptr<Answers> answers_;  // null where nobody waits for any

  std::uint32_t step_ = 0;              // of lockstep; else 0
  std::unique_ptr<Lockstep> lockstep_;  // made when the first phase in lockstep begins
};

}  // namespace settle
