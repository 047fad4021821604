#include "sim/session/training_rows.hpp"

#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
nlohmann::json train_row(RunSetup<Scalar>& model, std::uint64_t trial, std::int64_t batch,
                         const TrialReport<Scalar>& report) {
  const auto samples = static_cast<double>(batch);
  nlohmann::json row = {{"kind", "train"},
                        {"trial", trial},
                        {"loss", report.loss / (samples * model.data().train.answers())},
                        {"free_energy", report.free_energy / samples},
                        {"messages", report.messages},
                        {"acts", report.acts}};
  if (model.virtual_time()) row["virtual_ticks"] = model.virtual_time()->last().settled_after;
  return row;
}

nlohmann::json epoch_row(std::uint64_t trial, std::uint64_t epoch, const Score& train,
                         const std::optional<NamedScore>& evaluated) {
  nlohmann::json row = {{"kind", "epoch"},
                        {"trial", trial},
                        {"epoch", epoch},
                        {"train_loss", train.mean_loss()},
                        {"train_accuracy", accuracy_json(train)}};
  if (!evaluated) return row;
  row[evaluated->split + "_loss"] = evaluated->score.mean_loss();
  row[evaluated->split + "_accuracy"] = accuracy_json(evaluated->score);
  return row;
}

template nlohmann::json train_row(RunSetup<float>&, std::uint64_t, std::int64_t, const TrialReport<float>&);
template nlohmann::json train_row(RunSetup<double>&, std::uint64_t, std::int64_t, const TrialReport<double>&);

}  // namespace settle
