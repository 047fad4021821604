// Purpose: when vertices act. The clock of a vertex has an edge at tick 0 and then every period / rate ticks; an act
// begins at an edge and takes compute / rate ticks. A drifting clock's rate changes from act to act, as an
// Ornstein-Uhlenbeck walk of its logarithm about the vertex's own rate that forgets within some hundred acts. While a
// straggler is stopped no act begins.
// Draws are keyed (seed, name, purpose, trial); rates last for all trials. Caller: the executor. Thread rule: one
// owner.
#pragma once

#include "graph/trial.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

class Clocks {
 public:
  Clocks(const Graph& graph, const NetworkOptions& options, std::uint64_t seed);

  void begin(const Trial& trial);
  // The first tick from `tick` on at which that vertex may begin an act. Requires of one vertex's calls: not earlier
  // than the act it began last.
  Tick edge(VertexId vertex, Tick tick);
  // It begins one then.
  void acted(VertexId vertex, Tick begins);
  Tick compute(VertexId vertex) const noexcept;

 private:
  struct Clock {
    double anchor;  // an edge
    double period;  // from there on
    double own_rate;
    double deviation;  // of the rate's logarithm
    RandomStream drift;
  };
  struct Pauses {
    RandomStream trial;  // numbered by stretch
    bool ever;
  };
  // The end of the pause in which that tick lies, or the tick itself.
  Tick resumes(VertexId vertex, Tick tick) const;
  double rate(VertexId vertex) const noexcept;

  const Graph* graph_;
  ComputeTime compute_;
  double period_;
  double drift_;
  Straggler straggler_;
  std::vector<RandomStream> drift_streams_;  // of trial 0
  std::vector<RandomStream> pause_streams_;
  std::vector<Clock> clocks_;   // by vertex; empty: every tick is an edge of all
  std::vector<Pauses> pauses_;  // by vertex; empty: nobody stops
  std::vector<double> cost_;    // multiply-adds of the trial's batch, by vertex, where they count
  std::int64_t batch_ = 0;      // of cost_
};

}  // namespace settle
