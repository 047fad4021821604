#include "graph/ops/clip.hpp"

#include <doctest/doctest.h>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/unary_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

std::vector<double> clipped(const OpPtr& op) {
  return elements(forward(op, {tensor({5}, {-3.0, -1.0, 0.0, 2.0, 3.0})}));
}

}  // namespace

TEST_CASE("clip holds values between its bounds, and a bound that is not given does not bind") {
  CHECK(clipped(clip_op(-1, 2)) == std::vector<double>{-1, -1, 0, 2, 2});
  CHECK(clipped(clip_op(-1, {})) == std::vector<double>{-1, -1, 0, 2, 3});
  CHECK(clipped(clip_op({}, 2)) == std::vector<double>{-3, -1, 0, 2, 2});
  CHECK(clipped(clip_op({}, {})) == std::vector<double>{-3, -1, 0, 2, 3});
  CHECK(value(clip_op({}, {}), std::numeric_limits<float>::infinity()) == std::numeric_limits<float>::infinity());
}

TEST_CASE("clip with its bounds crossed gives the upper one everywhere") {
  CHECK(clipped(clip_op(2, -1)) == std::vector<double>{-1, -1, -1, -1, -1});
  for (const double x : {-3.0, -1.0, 0.0, 2.0, 3.0}) CHECK(slope(clip_op(2, -1), x) == 0);
}

TEST_CASE("clip's derivative is 1 on the interval with its ends, 0 outside") {
  const OpPtr op = clip_op(-1, 2);
  CHECK(slope(op, -1.001) == 0);
  CHECK(slope(op, -1) == 1);
  CHECK(slope(op, 0) == 1);
  CHECK(slope(op, 2) == 1);
  CHECK(slope(op, 2.001) == 0);
  CHECK(slope(clip_op({}, 2), -1e9) == 1);
}

TEST_CASE("a NaN passes through clip") {
  CHECK(keeps_nan(clip_op(-1, 2)));
  CHECK(keeps_nan(clip_op({}, {})));
}

TEST_CASE("clip in the language takes one bound or both") {
  const Argument x = vertex({Shape::kBatch, 3});
  CHECK(call("clip", {x}, {{"min", number(0)}})->shape == Shape{Shape::kBatch, 3});
  CHECK(clipped(call("clip", {x}, {{"min", number(0)}})->op) == std::vector<double>{0, 0, 0, 2, 3});
  CHECK(clipped(call("clip", {x}, {{"max", number(0)}})->op) == std::vector<double>{-3, -1, 0, 0, 0});
  CHECK(clipped(call("clip", {x}, {{"min", number(0)}, {"max", number(1)}})->op) == std::vector<double>{0, 0, 0, 1, 1});
  CHECK(complaint([&] { call("clip", {x}); }) == "clip needs min=NUMBER, max=NUMBER or both");
  CHECK(complaint([&] { call("clip", {x}, {{"max", word("six")}}); }) == "max must be a number, not 'six'");
}
