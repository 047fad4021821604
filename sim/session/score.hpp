// Purpose: how well predictions fit: sums over answers of the loss and of right classes, and their means. A sample asks
// for one answer, a sequence for one at each step (Split::answers).
// Thread rule: a value type.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "graph/tensor.hpp"
#include "sim/dataset.hpp"

namespace settle {

struct Score {
  double loss = 0;            // summed
  std::uint64_t correct = 0;  // answers whose largest prediction is their class
  std::uint64_t answers = 0;
  bool classes = false;  // targets are classes

  double mean_loss() const noexcept { return answers == 0 ? 0 : loss / static_cast<double>(answers); }
  std::optional<double> accuracy() const noexcept {
    if (!classes || answers == 0) return std::nullopt;
    return static_cast<double>(correct) / static_cast<double>(answers);
  }

  // Adds a trial of samples of `split`: its summed loss, and the predictions `[batch, answers, classes]` that its
  // samples come first in.
  template <class Scalar>
  void add(double trial_loss, std::span<const std::uint32_t> trial_samples, const Split& split,
           ConstView<Scalar> prediction);
};

struct NamedScore {
  std::string split;
  Score score;
};

nlohmann::json to_json(const Score& score);
Score score_from_json(const nlohmann::json& json);

// Null where there is no accuracy.
nlohmann::json accuracy_json(const Score& score);

}  // namespace settle
