#include "sim/session/sample_order.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "graph/random.hpp"

namespace settle {

SampleOrder::SampleOrder(std::uint64_t seed, std::uint32_t samples, std::uint32_t batch, bool whole)
    : seed_(seed),
      batch_(batch),
      trials_per_epoch_(whole ? samples / batch : (samples + std::uint64_t{batch} - 1) / batch),
      epoch_(~std::uint64_t{0}),
      order_(samples) {}

std::vector<std::uint32_t> SampleOrder::samples(std::uint64_t trial) {
  if (epoch_of(trial) != epoch_) {
    epoch_ = epoch_of(trial);
    std::iota(order_.begin(), order_.end(), 0U);
    RandomStream(seed_, "epoch " + std::to_string(epoch_), "shuffle").shuffle(order_);
  }
  const std::size_t first = static_cast<std::size_t>(trial % trials_per_epoch_) * batch_;
  const std::size_t last = std::min<std::size_t>(first + batch_, order_.size());
  return {order_.begin() + static_cast<std::ptrdiff_t>(first), order_.begin() + static_cast<std::ptrdiff_t>(last)};
}

std::vector<std::vector<std::uint32_t>> in_order(std::uint32_t samples, std::uint32_t batch) {
  std::vector<std::vector<std::uint32_t>> batches;
  for (std::uint32_t first = 0; first < samples;) {
    const std::uint32_t count = std::min(batch, samples - first);
    batches.emplace_back(count);
    std::iota(batches.back().begin(), batches.back().end(), first);
    first += count;
  }
  return batches;
}

}  // namespace settle
