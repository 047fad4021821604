#include "sim/session/sample_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace settle {
namespace {

std::vector<std::uint32_t> epoch(SampleOrder& order, std::uint64_t number) {
  std::vector<std::uint32_t> all;
  for (std::uint64_t k = 0; k < order.trials_per_epoch(); ++k) {
    const auto samples = order.samples(number * order.trials_per_epoch() + k);
    all.insert(all.end(), samples.begin(), samples.end());
  }
  return all;
}

std::vector<std::uint32_t> counted(std::uint32_t size) {
  std::vector<std::uint32_t> all(size);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace

TEST_CASE("every epoch takes every sample exactly once") {
  for (const std::uint32_t batch : {1U, 7U, 64U, 100U, 1000U}) {
    CAPTURE(batch);
    SampleOrder order(1, 100, batch);
    for (std::uint64_t number = 0; number < 4; ++number) {
      auto all = epoch(order, number);
      std::ranges::sort(all);
      CHECK(all == counted(100));
    }
  }
}

TEST_CASE("the last trial of an epoch takes what is left and the next epoch starts a whole one") {
  SampleOrder order(1, 100, 30);
  CHECK(order.trials_per_epoch() == 4);
  CHECK(order.samples(2).size() == 30);
  CHECK(order.samples(3).size() == 10);
  CHECK(order.samples(4).size() == 30);
  CHECK(order.epoch_of(3) == 0);
  CHECK(order.epoch_of(4) == 1);
  CHECK(SampleOrder(1, 100, 50).trials_per_epoch() == 2);
  CHECK(SampleOrder(1, 3, UINT32_MAX).samples(0).size() == 3);
}

TEST_CASE("epochs and seeds differ in their order, and no order is the samples' own") {
  SampleOrder one(1, 200, 50), two(2, 200, 50);
  CHECK(epoch(one, 0) != epoch(one, 1));
  CHECK(epoch(one, 0) != epoch(two, 0));
  CHECK(epoch(one, 0) != counted(200));
  SampleOrder other_batch(1, 200, 7);
  CHECK(epoch(one, 3) == epoch(other_batch, 3));
}

TEST_CASE("any trial's samples are known without those before it, in any order of asking") {
  SampleOrder through(9, 53, 10);
  std::vector<std::vector<std::uint32_t>> expected;
  for (std::uint64_t trial = 0; trial < 30; ++trial) expected.push_back(through.samples(trial));
  SampleOrder jumping(9, 53, 10);
  for (const std::uint64_t trial : {29U, 0U, 17U, 18U, 5U, 6U, 29U}) {
    CHECK(jumping.samples(trial) == expected[trial]);
    CHECK(SampleOrder(9, 53, 10).samples(trial) == expected[trial]);
  }
}

TEST_CASE("a split is evaluated in its own order, the last batch partial") {
  const auto batches = in_order(25, 10);
  REQUIRE(batches.size() == 3);
  CHECK(batches[2] == std::vector<std::uint32_t>{20, 21, 22, 23, 24});
  std::vector<std::uint32_t> all;
  for (const auto& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  CHECK(all == counted(25));
  CHECK(in_order(0, 10).empty());
  CHECK(in_order(10, 10).size() == 1);
}

}  // namespace settle
