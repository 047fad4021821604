#include "sim/session/batch_layout.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "sim/session/sample_order.hpp"

namespace settle {
namespace {

Tensor<double> counted(const Shape& shape) {
  Tensor<double> tensor(shape);
  std::iota(tensor.flat().begin(), tensor.flat().end(), 0.0);
  return tensor;
}

}  // namespace

TEST_CASE("samples go to any axis of a tensor and come back first") {
  const Tensor<double> rows = counted(Shape{3, 2 * 4});
  for (const auto& [shape, axis] :
       {std::pair{Shape{3, 2, 4}, std::size_t{0}}, {Shape{2, 3, 4}, 1}, {Shape{2, 4, 3}, 2}}) {
    CAPTURE(axis);
    Tensor<double> placed(shape);
    from_batch_first(rows.view(), axis, placed.view());
    Tensor<double> scratch;
    const ConstView<double> back = batch_first<double>(placed.view(), axis, scratch);
    CHECK(std::ranges::equal(back.flat(), rows.flat()));
    CHECK(back.shape == rows.shape());
  }
}

TEST_CASE("with the samples along axis 1, element s of step t is sample s's") {
  Tensor<double> placed(Shape{2, 3});  // [steps, batch]
  const Tensor<double> rows = counted(Shape{3, 2});
  from_batch_first(rows.view(), 1, placed.view());
  CHECK(std::ranges::equal(placed.flat(), std::vector<double>{0, 2, 4, 1, 3, 5}));
}

TEST_CASE("whole batches leave what is left of a shuffle for the next epoch") {
  SampleOrder order(1, 100, 32, true);
  CHECK(order.trials_per_epoch() == 3);
  for (std::uint64_t trial = 0; trial < 9; ++trial) CHECK(order.samples(trial).size() == 32);
}

}  // namespace settle
