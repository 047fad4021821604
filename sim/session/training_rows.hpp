// Purpose: what training itself writes into metrics.jsonl, a row each:
//   {"kind": "train", "trial", "loss" (mean per answer), "free_energy" (mean per sample), "messages", "acts",
//    "virtual_ticks" where it runs so}                                               of the trial that was the last
//   {"kind": "epoch", "trial", "epoch", "train_loss", "train_accuracy", and of the split that was evaluated
//    "SPLIT_loss", "SPLIT_accuracy"}                                                 accuracies null where there is
//    none
// Caller: the session. Thread rule: as the executor.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/session/run_setup.hpp"
#include "sim/session/score.hpp"

namespace settle {

template <class Scalar>
nlohmann::json train_row(RunSetup<Scalar>& model, std::uint64_t trial, std::int64_t batch,
                         const TrialReport<Scalar>& report);

nlohmann::json epoch_row(std::uint64_t trial, std::uint64_t epoch, const Score& train,
                         const std::optional<NamedScore>& evaluated);

}  // namespace settle
