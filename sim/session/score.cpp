#include "sim/session/score.hpp"

#include <algorithm>

namespace settle {

template <class Scalar>
void Score::add(double trial_loss, std::span<const std::uint32_t> trial_samples, const Split& split,
                ConstView<Scalar> prediction) {
  const std::size_t each = split.answers();
  const std::span<const std::uint32_t> labels = split.labels();
  loss += trial_loss;
  answers += trial_samples.size() * each;
  if (labels.empty()) return;
  classes = true;
  const std::size_t width = static_cast<std::size_t>(prediction.size() / prediction.shape[0]) / each;
  for (std::size_t i = 0; i < trial_samples.size() * each; ++i) {
    const std::span<const Scalar> row = prediction.flat().subspan(i * width, width);
    const auto guess = static_cast<std::uint32_t>(std::ranges::max_element(row) - row.begin());
    correct += guess == labels[trial_samples[i / each] * each + i % each] ? 1 : 0;
  }
}

nlohmann::json to_json(const Score& score) {
  return {{"loss", score.loss}, {"correct", score.correct}, {"answers", score.answers}, {"classes", score.classes}};
}

Score score_from_json(const nlohmann::json& json) {
  return {json.at("loss"), json.at("correct"), json.at("answers"), json.at("classes")};
}

nlohmann::json accuracy_json(const Score& score) {
  const std::optional<double> accuracy = score.accuracy();
  return accuracy ? nlohmann::json(*accuracy) : nlohmann::json();
}

template void Score::add(double, std::span<const std::uint32_t>, const Split&, ConstView<float>);
template void Score::add(double, std::span<const std::uint32_t>, const Split&, ConstView<double>);

}  // namespace settle
