#include "sim/session/training_feed.hpp"

namespace settle {

template <class Scalar>
std::shared_ptr<const Trial> TrainingFeed<Scalar>::make_trial(std::uint64_t number) {
  auto trial = std::make_shared<Trial>();
  trial->number = number;
  trial->samples = order_.samples(number);
  trial->clamped = binding_.clamped;
  return trial;
}

template <class Scalar>
std::shared_ptr<const Trial> TrainingFeed<Scalar>::next() {
  if (divergence_ || progress_.trials >= until_ || watch_.stop()) return nullptr;
  return make_trial(progress_.trials);
}

template <class Scalar>
void TrainingFeed<Scalar>::finished(const Trial& trial, const TrialReport<Scalar>& report) {
  if (report.diverged) {
    divergence_ = Divergence{*report.diverged, trial.number};
    return;
  }
  ++progress_.trials;
  progress_.messages += report.messages;
  progress_.epoch.add(report.loss, trial.samples, split_,
                      batch_first(report.predictions.front().view(), binding_.layout.axis, scratch_));
  watch_.report(trial, report);
}

template class TrainingFeed<float>;
template class TrainingFeed<double>;

}  // namespace settle
