// Purpose: how well predictions fit: sums over samples of the loss and of right classes, and their means.
// Thread rule: a value type.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "graph/tensor.hpp"

namespace settle {

struct Score {
  double loss = 0;            // summed
  std::uint64_t correct = 0;  // samples whose largest prediction is their class
  std::uint64_t samples = 0;
  bool classes = false;  // targets are classes

  double mean_loss() const noexcept { return samples == 0 ? 0 : loss / static_cast<double>(samples); }
  std::optional<double> accuracy() const noexcept {
    if (!classes || samples == 0) return std::nullopt;
    return static_cast<double>(correct) / static_cast<double>(samples);
  }

  // Adds a trial: its summed loss, and the rows of predictions `[batch, classes]` that its samples come first in
  // (`labels` of the whole split, or empty).
  template <class Scalar>
  void add(double trial_loss, std::span<const std::uint32_t> trial_samples, std::span<const std::uint32_t> labels,
           ConstView<Scalar> prediction);
};

nlohmann::json to_json(const Score& score);
Score score_from_json(const nlohmann::json& json);

// Null where there is no accuracy.
nlohmann::json accuracy_json(const Score& score);

}  // namespace settle
