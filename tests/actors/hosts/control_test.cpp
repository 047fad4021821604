#include "actors/hosts/control.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

WaveAnswer<double> an_answer() {
  WaveAnswer<double> answer;
  answer.wave = 7;
  answer.counts = HostCounts{3, 4};
  answer.report.sum.loss = -0.0;
  answer.report.sum.free_energy = std::numeric_limits<double>::infinity();
  answer.report.sum.diverged = 5;
  answer.report.sum.predictions = {Payload<double>(Tensor<double>(Shape{2, 1}, std::vector<double>{1, 2})), nullptr};
  answer.report.unfinished = "\n  vertex 'h': waits";
  return answer;
}

}  // namespace

TEST_CASE("control: what is written is read again, every bit of it") {
  const auto answer = decoded<WaveAnswer<double>>(encoded(an_answer()));
  CHECK(answer.wave == 7);
  CHECK(answer.counts == HostCounts{3, 4});
  CHECK(std::signbit(answer.report.sum.loss));
  CHECK(std::isinf(answer.report.sum.free_energy));
  CHECK(answer.report.sum.diverged == 5U);
  CHECK_FALSE(answer.report.refused);
  CHECK(answer.report.unfinished == "\n  vertex 'h': waits");
  REQUIRE(answer.report.sum.predictions.size() == 2);
  CHECK(same_bits(answer.report.sum.predictions[0].copy(), Tensor<double>(Shape{2, 1}, std::vector<double>{1, 2})));
  CHECK_FALSE(answer.report.sum.predictions[1]);

  State<float> state;
  state["h.weight"] = Tensor<float>(Shape{1, 2}, std::vector<float>{std::nanf("3"), 1e-40F});
  state["h.steps"] = Tensor<float>(Shape{}, std::vector<float>{2});
  state["none"] = Tensor<float>(Shape{0, 2});
  const auto read = decoded<State<float>>(encoded(state));
  REQUIRE(read.size() == 3);
  CHECK(same_bits(read.at("h.weight"), state["h.weight"]));
  CHECK(same_bits(read.at("h.steps"), state["h.steps"]));
  CHECK(read.at("none").size() == 0);
}

TEST_CASE("control: bytes that end early, go on, or announce more than there is, are refused") {
  const Bytes bytes = encoded(an_answer());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_THROWS_AS(decoded<WaveAnswer<double>>(std::span(bytes).first(length)), BadData);
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK_THROWS_AS(decoded<WaveAnswer<double>>(longer), BadData);
  const auto huge = encoded(std::uint64_t{1} << 60);
  CHECK_THROWS_AS(decoded<std::vector<double>>(huge), BadData);
  CHECK_THROWS_AS(decoded<std::string>(huge), BadData);
  CHECK_THROWS_AS((decoded<State<double>>(huge)), BadData);
  Bytes tensor;  // of 2^31 * 2^31 elements, none of which follows
  ByteWriter writer(tensor);
  writer.number(std::uint8_t{2});
  for (int axis = 0; axis < 2; ++axis) writer.number(std::numeric_limits<std::int32_t>::max());
  writer.number(std::uint64_t{1});
  writer.number(1.0);
  CHECK_THROWS_AS(decoded<Tensor<double>>(tensor), BadData);
}
