// Purpose: feeds a split once, in its own order, without relaxing, and scores the predictions.
// Where the graph takes a fixed number of samples, what is left at the end is filled up with one of its samples, and a
// trial of that sample alone tells what to take off the sums again: samples do not see each other in a prediction.
// Thread rule: as TrialFeed.
#pragma once

#include "actors/executor.hpp"
#include "sim/session/binding.hpp"
#include "sim/session/score.hpp"

namespace settle {

template <class Scalar>
class EvaluationFeed final : public TrialFeed<Scalar> {
 public:
  // Requires: both outlive the feed.
  EvaluationFeed(const Split& split, const Binding& binding);

  std::shared_ptr<const Trial> next() override;
  void finished(const Trial& trial, const TrialReport<Scalar>& report) override;

  const Score& score() const noexcept { return score_; }

 private:
  struct Batch {
    std::vector<std::uint32_t> samples;
    std::size_t counted = 0;  // the first ones; the rest fills up
    double weight = 1;        // of the loss
  };

  const Split& split_;
  const Binding& binding_;
  std::vector<Batch> batches_;
  std::size_t next_ = 0;
  Score score_;
  Tensor<Scalar> scratch_;
};

}  // namespace settle
