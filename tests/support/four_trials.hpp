// Purpose: the trials by which two executors of one model are compared. Caller: tests. Thread rule: as the executor.
#pragma once

#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

namespace settle::test {

// One trial that reads gradients out, then three that learn.
template <class Scalar>
std::vector<Outcome<Scalar>> four_trials(Executor<Scalar>& executor, const RandomModel& model) {
  std::vector<Outcome<Scalar>> outcomes;
  for (std::uint64_t number = 0; number < 4; ++number)
    outcomes.push_back(observe_all(executor, *model.graph,
                                   model.trial(number == 0 ? LearnMode::read_out : LearnMode::update, number)));
  return outcomes;
}

}  // namespace settle::test
