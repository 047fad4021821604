#include "sim/session/training_words.hpp"

#include <doctest/doctest.h>

using namespace settle;

namespace {

Score score(double loss, std::uint64_t correct, bool classes) {
  Score result;
  result.loss = loss;
  result.correct = correct;
  result.answers = 200;
  result.classes = classes;
  return result;
}

}  // namespace

TEST_CASE("the line of a run that goes on says where it is, how well it does, how fast, and how long it still takes") {
  CHECK(training_line({2, 10, 17, 938}, score(50, 163, true), 412.4, 77) ==
        "epoch 2/10  trial 17/938  loss 0.2500, accuracy 81.50 %  412 trials/s  1:17 left");
  CHECK(training_line({1, 1, 1, 4}, score(50, 0, false), 3, 1) ==
        "epoch 1/1  trial 1/4  loss 0.2500  3 trials/s  0:01 left");
}

TEST_CASE("an epoch's line has the scores of training, and of the split that was evaluated where there is one") {
  CHECK(epoch_line(3, 10, score(50, 163, true), NamedScore{"test", score(20, 180, true)}, 21.44) ==
        "epoch 3/10: train loss 0.2500, accuracy 81.50 %; test loss 0.1000, accuracy 90.00 %  (21.4 s)");
  CHECK(epoch_line(3, 10, score(50, 0, false), std::nullopt, 0) == "epoch 3/10: train loss 0.2500  (0.0 s)");
}
