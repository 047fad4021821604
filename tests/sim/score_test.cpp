#include "sim/session/score.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

namespace settle {
namespace {

// Samples of these classes, `answers` of each.
Split labelled(std::vector<std::uint32_t> labels, std::uint32_t answers = 1) {
  const auto size = static_cast<std::uint32_t>(labels.size()) / answers;
  return Split({}, {}, std::make_shared<const std::vector<std::uint32_t>>(std::move(labels)), size, answers);
}

template <class Scalar>
Tensor<Scalar> rows(const Shape& shape, const std::vector<Scalar>& values) {
  return Tensor<Scalar>(shape, values);
}

}  // namespace

TEST_CASE("a score counts the samples whose largest prediction is their class") {
  const Split split = labelled({2, 0, 1, 1});
  const std::array<std::uint32_t, 3> samples{3, 0, 1};
  const Tensor<float> prediction = rows<float>(Shape{3, 3}, {0.1F, 0.8F, 0.1F, 0.5F, 0.2F, 0.3F, 0.9F, 0.05F, 0.05F});
  Score score;
  score.add<float>(1.5, samples, split, prediction.view());
  CHECK(score.answers == 3);
  CHECK(score.correct == 2);
  CHECK(score.mean_loss() == 0.5);
  REQUIRE(score.accuracy());
  CHECK(*score.accuracy() == doctest::Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE("scores of trials of unequal size are means over samples, not over trials") {
  const Split split = labelled({0, 0, 1});
  const std::array<std::uint32_t, 2> first{0, 1};
  const std::array<std::uint32_t, 1> second{2};
  Score score;
  score.add<double>(4, first, split, rows<double>(Shape{2, 2}, {1, 0, 1, 0}).view());
  score.add<double>(5, second, split, rows<double>(Shape{1, 2}, {1, 0}).view());
  CHECK(score.mean_loss() == 3);
  CHECK(*score.accuracy() == doctest::Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE("a sequence is scored at each of its steps, in a part of a split too") {
  const Split split = labelled({0, 0, 0, 1, 1, 0, 1, 1}, 2).part(1, 3);
  const std::array<std::uint32_t, 2> samples{2, 0};
  const Tensor<double> prediction = rows<double>(Shape{2, 2, 2}, {0, 1, 1, 0, 1, 0, 0, 1});
  Score score;
  score.add<double>(8, samples, split, prediction.view());
  CHECK(score.answers == 4);
  CHECK(score.correct == 3);  // labels 1 1 of the last sample, 0 1 of the first
  CHECK(score.mean_loss() == 2);
}

TEST_CASE("there is no accuracy where targets are no classes, and none of no samples") {
  const std::array<std::uint32_t, 1> samples{0};
  Score score;
  CHECK_FALSE(score.accuracy());
  CHECK(score.mean_loss() == 0);
  score.add<double>(2, samples, Split({}, {}, nullptr, 1), rows<double>(Shape{1, 1}, {3}).view());
  CHECK_FALSE(score.accuracy());
  CHECK(score.mean_loss() == 2);
  CHECK(accuracy_json(score).is_null());
}

TEST_CASE("a score is the same to the last bit after a checkpoint") {
  const Score score{0.1 + 0.2, 7, 11, true};
  const Score again = score_from_json(nlohmann::json::parse(to_json(score).dump()));
  CHECK(again.loss == score.loss);
  CHECK(again.correct == 7);
  CHECK(again.answers == 11);
  CHECK(again.classes);
}

}  // namespace settle
