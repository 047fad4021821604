#include "graph/ops/normalisation.hpp"

#include <doctest/doctest.h>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

constexpr std::int64_t batch = Shape::kBatch;

TEST_CASE("normalize takes off the mean and divides by the deviation, row by row") {
  const auto y = elements(forward(normalize_op(-1, 0), {tensor({2, 2}, {1.0, 3.0, 10.0, 30.0})}));
  CHECK(y == std::vector<double>{-1, 1, -1, 1});
  const auto all = elements(forward(normalize_op(-2, 3), {tensor({2, 2}, {-1.0, 1.0, 1.0, -1.0})}));
  CHECK(all == std::vector<double>{-0.5, 0.5, 0.5, -0.5});
}

TEST_CASE("batch_norm shifts and scales each channel by its own numbers") {
  const std::vector<Tensor<double>> operands{tensor({1, 2, 2}, {1.0, 2.0, 3.0, 4.0}), tensor({2}, {2.0, 6.0}),
                                             tensor({2}, {0.5, 1.0}), tensor({2}, {1.0, 3.0}), tensor({2}, {3.0, 8.0})};
  CHECK(elements(forward(batch_norm_op(-2, 1), operands)) == std::vector<double>{0.5, 1.5, 1, 3});
}

TEST_CASE("layer_norm owns a scale and a bias over the axes it normalises") {
  const ExpressionPtr y = call("layer_norm", {vertex({batch, 4, 6})}, {{"axis", number(0)}});
  CHECK(y->shape == Shape{batch, 4, 6});
  CHECK(y->arguments[1]->parameter.name == "v.bias");
  CHECK(y->arguments[1]->shape == Shape{4, 6});
  CHECK(complaint([] { normalize_op(-1, -1); }).starts_with("epsilon of normalize must be a number of at least 0"));
  CHECK(complaint([] {
          inferred(batch_norm_op(-1, 0), {{batch, 3}, {3}, {3}, {2}, {3}});
        }) == "batch_norm's mean must be [3] like axis -1 of its input [batch, 3], not [2]");
}
