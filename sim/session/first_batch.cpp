#include "sim/session/first_batch.hpp"

#include "sim/session/sample_order.hpp"

namespace settle {

template <class Scalar>
GradientProblem<Scalar> first_batch(RunSetup<Scalar>& setup, const RunConfig& config) {
  const Split& train = setup.data().train;
  const bool whole = setup.binding().layout.fixed.has_value();
  auto trial = std::make_shared<Trial>();
  trial->samples = SampleOrder(config.run.seed, train.size(), config.learn.batch, whole).samples(0);
  trial->clamped = setup.binding().clamped;
  trial->learn = LearnMode::read_out;
  return {setup.graph_ptr(), std::move(trial), setup.executor().save()};
}

template GradientProblem<float> first_batch(RunSetup<float>&, const RunConfig&);
template GradientProblem<double> first_batch(RunSetup<double>&, const RunConfig&);

}  // namespace settle
