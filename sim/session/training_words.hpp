// Purpose: what a training run says to people while it goes on: sentences, no decisions.
// Caller: the session. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/session/score.hpp"

namespace settle {

// Where a run is: epoch and trial of it count from 1.
struct TrainingPlace {
  std::uint64_t epoch = 1;
  std::uint32_t epochs = 1;
  std::uint64_t trial = 1;
  std::uint64_t trials_per_epoch = 1;
};

// "epoch 2/10  trial 17/938  loss 0.0312, accuracy 81.20 %  412 trials/s  0:17 left". `score`: of the epoch so far.
std::string training_line(const TrainingPlace& place, const Score& score, double trials_per_second,
                          double seconds_left);

// "epoch 2/10: train loss 0.0312, accuracy 81.20 %; test loss 0.0298, accuracy 82.05 %  (21.4 s)"
std::string epoch_line(std::uint64_t epoch, std::uint32_t epochs, const Score& train,
                       const std::optional<NamedScore>& evaluated, double seconds);

}  // namespace settle
