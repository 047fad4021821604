// Purpose: one learning trial (predict, relax, learn by sgd) on synthetic data, set up twice: on the executor to be
// measured, and `direct`, the same kernels in the reference's plain loop. Direct is backprop where relaxation is exact
// in one act a vertex (fixed prediction at rate 1, asynchronous), else lockstep relaxation with as many steps as the
// measured executor's busiest vertex makes acts. Both have run once. Thread rule: one caller.
#pragma once

#include <memory>
#include <string>

#include "sim/relax_defaults.hpp"
#include "tools/executors.hpp"
#include "tools/synthetic_batch.hpp"

namespace settle {

template <class Scalar>
struct TrialBenchmark {
  TrialBenchmark(const GraphPtr& model, std::int64_t batch, RuleChoice rule, unsigned threads, std::uint64_t seed,
                 double learning_rate = OptimizerSettings().learning_rate);

  GraphPtr graph;
  SyntheticBatch<Scalar> data;
  NodeSettings<Scalar> settings;
  std::unique_ptr<Executor<Scalar>> executor;
  std::uint64_t steps = 0;  // acts of the busiest vertex
  std::string direct_loop;  // "backprop" or "lockstep"
  std::unique_ptr<Executor<Scalar>> direct;
};

}  // namespace settle
