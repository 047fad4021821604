#include "sim/session/training_words.hpp"

#include "sim/progress.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

std::string of(std::uint64_t count, std::uint64_t all) { return std::to_string(count) + "/" + std::to_string(all); }

std::string scored(const Score& score) {
  const std::optional<double> accuracy = score.accuracy();
  return formatted("loss %.4f", score.mean_loss()) + (accuracy ? formatted(", accuracy %.2f %%", 100 * *accuracy) : "");
}

}  // namespace

std::string training_line(const TrainingPlace& place, const Score& score, double trials_per_second,
                          double seconds_left) {
  return "epoch " + of(place.epoch, place.epochs) + "  trial " + of(place.trial, place.trials_per_epoch) + "  " +
         scored(score) + formatted("  %.0f trials/s  ", trials_per_second) + duration_text(seconds_left) + " left";
}

std::string epoch_line(std::uint64_t epoch, std::uint32_t epochs, const Score& train,
                       const std::optional<NamedScore>& evaluated, double seconds) {
  return "epoch " + of(epoch, epochs) + ": train " + scored(train) +
         (evaluated ? "; " + evaluated->split + " " + scored(evaluated->score) : "") + formatted("  (%.1f s)", seconds);
}

}  // namespace settle
