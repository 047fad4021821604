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
  // `first`: the number of the split's first sample (dataset.hpp). Requires: split and binding outlive the feed.
  EvaluationFeed(const Split& split, std::uint32_t first, const Binding& binding);

  std::shared_ptr<const Trial> next() override;
  void finished(const Trial& trial, const TrialReport<Scalar>& report) override;

  const Score& score() const noexcept { return score_; }

 private:
  struct Batch {
    std::vector<std::uint32_t> samples;  // of the split
    std::size_t counted = 0;             // the first ones; the rest fills up
    double weight = 1;                   // of the loss
  };

  const Split& split_;
  std::uint32_t first_;
  const Binding& binding_;
  std::vector<Batch> batches_;
  std::size_t next_ = 0;
  Score score_;
  Tensor<Scalar> scratch_;
};

}  // namespace settle
