#include "graph/ops/channel_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/ops/composed.hpp"
#include "graph/ops/depth.hpp"
#include "graph/ops/local_response.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;
using Values = std::vector<double>;
using Inputs = std::vector<ExpressionPtr>;

Values run_of(MakeExpression make, const std::vector<Tensor<double>>& operands) {
  return elements(forward(composed_op("composed", std::move(make)), operands));
}

}  // namespace

TEST_CASE("instance_norm normalises each channel, group_norm groups of them, and both scale by channel") {
  const auto x = tensor({1, 2, 2}, {1.0, 3.0, 10.0, 30.0});
  const auto scale = tensor({2}, {1.0, 2.0});
  const auto bias = tensor({2}, {0.0, 5.0});
  CHECK(run_of([](const Inputs& in) { return instance_norm(in[0], in[1], in[2], -2, 0); }, {x, scale, bias}) ==
        Values{-1, 1, 3, 7});
  CHECK(run_of([](const Inputs& in) { return group_norm(in[0], 2, in[1], in[2], -2, 0); }, {x, scale, bias}) ==
        Values{-1, 1, 3, 7});
  const auto pair = tensor({1, 2, 2}, {-1.0, 1.0, 1.0, -1.0});
  CHECK(run_of([](const Inputs& in) { return group_norm(in[0], 1, nullptr, nullptr, -2, 3); }, {pair}) ==
        Values{-0.5, 0.5, 0.5, -0.5});
}

TEST_CASE("instance_norm and group_norm own a scale and a bias for each channel") {
  const ExpressionPtr y = call("group_norm", {vertex({batch, 6, 4, 4}), number(3)});
  CHECK(y->shape == Shape{batch, 6, 4, 4});
  CHECK(call("instance_norm", {vertex({batch, 6, 4})}, {{"scale", number(0)}, {"bias", number(0)}})->op->name() ==
        "normalize");
  CHECK(complaint([] {
          call("group_norm", {vertex({batch, 6, 4}), number(4)});
        }) == "group_norm needs a number of groups that divides the 6 channels of [batch, 6, 4], not 4");
  CHECK(complaint([] {
          call("instance_norm", {vertex({batch, 6})});
        }) == "instance_norm needs samples [channels, ...] with an axis after the channels, not [batch, 6]");
}

TEST_CASE("lp_normalize divides by the norm along an axis") {
  const auto x = tensor({2, 2}, {3.0, -4.0, 1.0, 1.0});
  CHECK(run_of([](const Inputs& in) { return lp_normalize(in[0], -1, 2); }, {x}) ==
        Values{0.6, -0.8, 1 / std::sqrt(2), 1 / std::sqrt(2)});
  CHECK(run_of([](const Inputs& in) { return lp_normalize(in[0], -2, 1); }, {x}) == Values{0.75, -0.8, 0.25, 0.2});
  CHECK(complaint([] {
          call("lp_normalize", {vertex({batch, 6})}, {{"p", number(3)}});
        }) == "lp_normalize takes p = 1 or 2, not 3");
}

TEST_CASE("local_response_norm divides by what neighbouring channels hold") {
  const Tensor<double> x = tensor({1, 4, 1}, {1.0, 2.0, 3.0, 4.0});
  for (const std::int64_t size : {1, 2, 3, 4, 9}) {
    const LocalResponse options{size, 0.5, 0.75, 2};
    const auto y = elements(forward(local_response_norm_op(-2, options), {x}));
    for (std::int64_t c = 0; c < 4; ++c) {
      double sum = 0;
      for (std::int64_t k = c - (size - 1) / 2; k <= c + size / 2; ++k)
        if (k >= 0 && k < 4) sum += x.data()[k] * x.data()[k];
      const double expected = x.data()[c] / std::pow(2 + 0.5 / static_cast<double>(size) * sum, 0.75);
      CHECK(y[static_cast<std::size_t>(c)] == doctest::Approx(expected).epsilon(1e-14));
    }
  }
  CHECK(call("local_response_norm", {vertex({batch, 6, 4}), number(5)})->shape == Shape{batch, 6, 4});
  CHECK(complaint([] { local_response_norm_op(-1, {.size = 0}); }) ==
        "local_response_norm needs a size of at least 1, not 0");
}

TEST_CASE("depth_to_space and space_to_depth move each element where the standard's formula says") {
  constexpr std::int64_t block = 2, channels = 3, height = 2, width = 3;
  Tensor<double> x({1, channels * block * block, height, width});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<double>(i);
  for (const bool columns_first : {false, true}) {
    const auto y = run_of([&](const Inputs& in) { return depth_to_space(in[0], block, columns_first); }, {x});
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t h = 0; h < height * block; ++h)
        for (std::int64_t w = 0; w < width * block; ++w) {
          const std::int64_t place = h % block * block + w % block;
          const std::int64_t from = columns_first ? c * block * block + place : place * channels + c;
          const std::int64_t expected = (from * height + h / block) * width + w / block;
          CHECK(y[static_cast<std::size_t>((c * height * block + h) * width * block + w)] ==
                static_cast<double>(expected));
        }
  }
  CHECK(run_of([](const Inputs& in) { return space_to_depth(depth_to_space(in[0], 2), 2); }, {x}) == elements(x));
  CHECK(call("depth_to_space", {vertex({batch, 8, 3, 3}), number(2)}, {{"mode", word("CRD")}})->shape ==
        Shape{batch, 2, 6, 6});
  CHECK(call("space_to_depth", {vertex({batch, 2, 6, 6}), number(3)})->shape == Shape{batch, 18, 2, 2});
  CHECK(complaint([] {
          call("depth_to_space", {vertex({batch, 6, 3, 3}), number(2)});
        }) == "depth_to_space needs channels that 4 divides, not those of [batch, 6, 3, 3]");
  CHECK(complaint([] {
          call("space_to_depth", {vertex({batch, 6, 3, 3}), number(2)});
        }) == "space_to_depth needs a height and width that 2 divides, not [batch, 6, 3, 3]");
}
