// Purpose: the Executor in virtual time: one loop over the same node cores as on actors, in which every message takes
// the time that its link says and every act the time that its vertex needs. A run is a function of (graph, settings,
// options): no thread, no clock. What is studied is relaxation: predict and learn take no time, their messages arrive
// at once, in the order in which they were sent. Every relax phase starts at tick 0.
//
// Time in relax
// - A vertex acts at the edges of its clock. A message leaves when the act that made it is done, flies by its link and
//   arrives: from then on it lies in its slot. At a tick messages arrive before vertices act.
// - A vertex that asks for another act (it has news, or is not settled) has it at its next clock edge: the present one,
//   where news come at an edge at which it has not acted yet. So an eager run with links of one tick is the lockstep
//   step: an act at tick t uses what neighbours made at tick t - 1.
// - Where an arrival itself completes what a vertex has waited for (a lockstep step, the first act under gather) that
//   act begins at the next clock edge with what is there at the arrival.
// - Lockstep waits for every message, so links change its time and not its numbers. Its events are carried out step by
//   step, not tick by tick: a message of step t before any of step t + 1, values before feedback.
// Thread rule: as Executor.
#pragma once

#include <array>
#include <deque>
#include <optional>

#include "actors/cast.hpp"
#include "actors/executor.hpp"
#include "sim/virtual/clocks.hpp"
#include "sim/virtual/delay_line.hpp"
#include "sim/virtual/event_queue.hpp"
#include "sim/virtual/flights.hpp"
#include "sim/virtual/link_index.hpp"
#include "sim/virtual/network.hpp"
#include "sim/virtual/observer.hpp"
#include "sim/virtual/report.hpp"
#include "sim/virtual/tick_trace.hpp"

namespace settle {

template <class Scalar>
class VirtualTimeExecutor final : public Executor<Scalar>, private Outbox<Scalar> {
 public:
  // Requires: `settings.source` outlives the executor. Errors: BadConfig for a rule, pacing or wake that the options
  // exclude, and as the other executors.
  VirtualTimeExecutor(GraphPtr graph, const NodeSettings<Scalar>& settings, const NetworkOptions& options);

  void run(TrialFeed<Scalar>& feed) override;
  void record(Timeline* timeline) override;

  // Outlives the runs that follow; null: nobody looks.
  void observe_with(RelaxationObserver<Scalar>* observer) noexcept { observer_ = observer; }
  // Of the last trial.
  const VirtualReport& last() const noexcept { return last_; }
  const Graph& graph() const noexcept { return *graph_; }
  const Node<Scalar>& node(VertexId id) const { return core(id).node(); }

  // What learn would read out (Executor::gradients) if relax ended here. For an observer's samples; changes nothing
  // that a later act depends on.
  std::vector<std::vector<Tensor<Scalar>>> read_out_now();

  Tensor<Scalar> observe(VertexId vertex, Quantity quantity) const override {
    return observe_node(node(vertex), quantity);
  }
  std::vector<Tensor<Scalar>> gradients(VertexId vertex) const override { return core(vertex).gradients(); }
  State<Scalar> save() const override;
  void restore(const State<Scalar>& state, bool partial) override;
  AgeHistogram ages() const override;
  std::vector<VertexReport> reports() const override;

 private:
  struct Immediate {
    VertexId receiver;
    Message<Scalar> message;
  };
  struct Leaving {
    Tick tick;
    Event event;
  };

  NodeCore<Scalar>& core(VertexId id) { return *cores_[id]; }
  const NodeCore<Scalar>& core(VertexId id) const { return *cores_[id]; }
  bool lockstep() const noexcept { return settings_.pacing == Pacing::lockstep; }

  TrialReport<Scalar> run_one(std::shared_ptr<const Trial> trial);
  void deliver_immediately();
  // Lets the core of `vertex` do something in a phase that takes no time.
  template <class Doing>
  void at_once(VertexId vertex, Doing doing);
  void relax(const std::shared_ptr<const Trial>& trial);
  void relax_in_lockstep();
  // Whom nobody waits for would step on with the values of a step before the sample that shows the step. Such a vertex
  // gets them after the sample, in which it has its errors of the step already.
  bool hold_back(const Event& event);
  void relax_asynchronously();
  void handle(const Event& event);
  // What the events after the last one popped will touch is fetched meanwhile.
  void fetch_ahead(const EventQueue& queue) const;
  void note_arrival(const Event& event);
  void sample(Tick tick, std::uint64_t step);

  // Lets the core of `vertex` do something at `tick`, and settles what time that takes.
  template <class Doing>
  void at(VertexId vertex, Tick tick, Doing doing);
  // Of the vertex that does something: when, and how many acts it has done by now.
  Tick act_begins();
  Tick acts_end();
  Tick next_act();  // the earliest
  std::uint64_t acts_done() const noexcept { return core(doer_).report().acts - acts_before_; }

  void send(VertexId receiver, const Message<Scalar>& message) override;
  void wake() override;
  std::uint32_t newest(MessageKind kind, Slot slot) override;
  // The message of `event` is handed to its link at that tick.
  void leave(Tick tick, Event event);
  void leave_all();  // that `leaving_` holds
  void push(Event event, Tick tick, EventKind kind);

  GraphPtr graph_;
  NodeSettings<Scalar> settings_;
  NetworkOptions options_;
  LinkIndex links_;
  Network network_;
  Clocks clocks_;
  Casts<Scalar> casts_;
  std::vector<std::optional<NodeCore<Scalar>>> cores_;
  RelaxationObserver<Scalar>* observer_ = nullptr;
  std::optional<TickTrace> trace_;  // where a timeline is recorded

  std::uint64_t sequence_ = 0;  // stamps grow over runs whatever numbers the trials have
  Stamp stamp_;
  std::deque<Immediate> immediate_;
  VirtualReport last_;

  // relax
  std::array<EventQueue, 2> queues_;  // asynchronous: the first; lockstep: by parity of the round
  std::vector<Event> held_back_;
  std::vector<Leaving> leaving_;  // what the present doer has sent: its links are fetched while it goes on
  Flights<Scalar> flights_;
  DelayLine<Scalar> delay_line_;
  std::vector<Tick> ready_;             // by vertex: its next act begins at or after this
  std::vector<std::uint32_t> newest_;   // by link: the newest version sent, where staleness is on
  std::vector<Tick> slot_sent_;         // by link, likewise: when what lies in its slot was sent
  std::vector<Tick> flight_sent_;       // by flight, likewise
  std::vector<std::uint32_t> arrived_;  // by link: one more than the newest version that arrived, where any overtakes
  std::uint64_t messages_before_ = 0;   // of the trial, sent before relax
  Tick now_ = 0;                        // the latest that has happened

  // The vertex that does something, and when.
  VertexId doer_ = 0;
  Tick tick_ = 0;
  Tick begins_ = 0;  // where begun_
  bool begun_ = false;
  bool noted_ = false;  // its clock knows
  std::uint64_t acts_before_ = 0;
};

template <class Scalar>
std::unique_ptr<VirtualTimeExecutor<Scalar>> make_virtual_time_executor(GraphPtr graph,
                                                                        const NodeSettings<Scalar>& settings,
                                                                        const NetworkOptions& options) {
  return std::make_unique<VirtualTimeExecutor<Scalar>>(std::move(graph), settings, options);
}

}  // namespace settle
