// Purpose: which samples each trial takes: every epoch visits every sample once, in an order keyed by (seed, epoch), so
// that any trial's samples are known without running those before it (that is what makes a run resumable).
// The last trial of an epoch takes what is left, or with `whole` only whole batches are taken and what is left of a
// shuffle waits for the next. Thread rule: one user (it keeps the last epoch's order).
#pragma once

#include <cstdint>
#include <vector>

namespace settle {

class SampleOrder {
 public:
  // Requires: samples > 0, batch > 0, and batch <= samples with `whole`.
  SampleOrder(std::uint64_t seed, std::uint32_t samples, std::uint32_t batch, bool whole = false);

  std::uint64_t trials_per_epoch() const noexcept { return trials_per_epoch_; }
  std::uint64_t epoch_of(std::uint64_t trial) const noexcept { return trial / trials_per_epoch_; }
  // Trials are counted from 0.
  std::vector<std::uint32_t> samples(std::uint64_t trial);

 private:
  std::uint64_t seed_;
  std::uint32_t batch_;
  std::uint64_t trials_per_epoch_;
  std::uint64_t epoch_;
  std::vector<std::uint32_t> order_;
};

// The indices of a split in their own order, in batches of at most `batch`.
std::vector<std::vector<std::uint32_t>> in_order(std::uint32_t samples, std::uint32_t batch);

}  // namespace settle
