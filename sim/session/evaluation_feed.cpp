#include "sim/session/evaluation_feed.hpp"

#include "sim/session/sample_order.hpp"

namespace settle {
namespace {

constexpr std::uint32_t kEvaluationBatch = 500;

}  // namespace

template <class Scalar>
EvaluationFeed<Scalar>::EvaluationFeed(const Split& split, std::uint32_t first, const Binding& binding)
    : split_(split), first_(first), binding_(binding) {
  const std::uint32_t size = binding.layout.fixed.value_or(kEvaluationBatch);
  for (std::vector<std::uint32_t>& samples : in_order(split.size(), size)) {
    const std::size_t counted = samples.size();
    batches_.push_back({std::move(samples), counted});
  }
  if (!binding.layout.fixed || batches_.empty() || batches_.back().counted == size) return;
  Batch& last = batches_.back();
  const std::uint32_t filling = last.samples.back();
  const auto filled = static_cast<double>(size - last.counted);
  last.samples.resize(size, filling);
  batches_.push_back({std::vector<std::uint32_t>(size, filling), 0, -filled / size});
}

template <class Scalar>
std::shared_ptr<const Trial> EvaluationFeed<Scalar>::next() {
  if (next_ == batches_.size()) return nullptr;
  auto trial = std::make_shared<Trial>();
  trial->number = next_;
  trial->samples = batches_[next_++].samples;
  for (std::uint32_t& sample : trial->samples) sample += first_;
  trial->clamped = binding_.clamped;
  trial->relax = false;
  trial->learn = LearnMode::none;
  return trial;
}

template <class Scalar>
void EvaluationFeed<Scalar>::finished(const Trial& trial, const TrialReport<Scalar>& report) {
  const Batch& batch = batches_[trial.number];
  score_.add(batch.weight * report.loss, std::span(batch.samples).first(batch.counted), split_,
             batch_first(report.predictions.front().view(), binding_.layout.axis, scratch_));
}

template class EvaluationFeed<float>;
template class EvaluationFeed<double>;

}  // namespace settle
