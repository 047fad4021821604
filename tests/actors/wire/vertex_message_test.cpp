// A message between vertices comes out of its frames to the bit, and what is none is refused before it costs memory.
#include "actors/wire/vertex_message.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "actors/wire/frame.hpp"
#include "graph/random.hpp"
#include "tests/actors/wire/messages.hpp"

using namespace settle;

namespace {

// Through a vertex frame's content and, where there are any, chunks of a random length.
VertexMessage carried(const VertexMessage& message, std::uint64_t seed = 0) {
  RandomStream random(seed, "chunks", "test");
  Bytes content;
  append_vertex_message(content, message);
  ReceiveCredit credit(std::uint64_t{1} << 40);
  VertexMessageReader reader;
  CHECK(reader.begin(content, credit) == wire_bytes(message));
  auto rest = tensor_bytes(message);
  CHECK(reader.complete() == !in_chunks(rest.size()));
  while (!reader.complete()) {
    const auto chunk = rest.first(std::min<std::size_t>(rest.size(), 1 + random.below(100'000)));
    rest = rest.subspan(chunk.size());
    reader.add(chunk);
  }
  return reader.take();
}

// What is said of the message once `change` has been made to its content.
template <class Change>
std::string refusal(const VertexMessage& message, Change change) {
  Bytes content;
  append_vertex_message(content, message);
  change(content);
  ReceiveCredit credit(std::uint64_t{1} << 40);
  try {
    VertexMessageReader().begin(content, credit);
  } catch (const BadData& error) {
    return error.what();
  }
  return {};
}

constexpr std::size_t kPhase = 24;
constexpr std::size_t kKind = 25;
constexpr std::size_t kFlags = 26;
constexpr std::size_t kRank = 27;

// Of the head where there is no tensor: the extents come behind it.
std::size_t head_bytes() { return wire_bytes({0, Message<float>()}); }

void put_extent(Bytes& content, std::size_t axis, std::int32_t extent) {
  std::memcpy(content.data() + head_bytes() + 4 * axis, &extent, 4);
}

}  // namespace

TEST_CASE_TEMPLATE("a message with a tensor of any size arrives as it was sent", Scalar, float, double) {
  for (const Shape& shape :
       {Shape{}, Shape{1}, Shape{1, 1, 1}, Shape{3}, Shape{2, 3, 4, 1, 1, 1, 1, 2}, Shape{0}, Shape{5, 0, 2},
        Shape{64, 100}, Shape{6144}, Shape{12'288}, Shape{12'289}, Shape{300, 1001}}) {
    INFO(shape.to_string());
    const VertexMessage message = full_message<Scalar>(4'000'000'000, counted<Scalar>(shape));
    check_same(carried(message, static_cast<std::uint64_t>(shape.size())), message);
  }
}

TEST_CASE_TEMPLATE("a message without a tensor is a head alone, token or zero", Scalar, float, double) {
  for (const bool token : {false, true}) {
    Message<Scalar> message;
    message.token = token;
    message.stamp.phase = Phase::learn;
    const VertexMessage sent{1, message};
    CHECK(wire_bytes(sent) == head_bytes());
    CHECK(head_bytes() <= 32);
    check_same(carried(sent), sent);
  }
}

TEST_CASE_TEMPLATE("numbers that are none, infinities, -0 and denormals arrive to the bit", Scalar, float, double) {
  using Limits = std::numeric_limits<Scalar>;
  const std::vector<Scalar> odd = {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(),
                                   Scalar(-0.0),        Limits::denorm_min(), Limits::lowest(),   Limits::min()};
  const Shape shape{static_cast<std::int64_t>(odd.size())};
  VertexMessage message = full_message<Scalar>(1, Payload<Scalar>(Tensor<Scalar>(shape, std::span<const Scalar>(odd))));
  std::get<Message<Scalar>>(message.message).gain = std::numeric_limits<float>::signaling_NaN();
  check_same(carried(message), message);
  for (const Scalar number : odd) {
    const VertexMessage one =
        full_message<Scalar>(1, Payload<Scalar>(Tensor<Scalar>({}, std::span<const Scalar>(&number, 1))));
    check_same(carried(one), one);
  }
}

TEST_CASE("a content that is no message between vertices is refused") {
  const VertexMessage message = full_message<float>(3, counted<float>({2, 3}));
  const std::string none = "a message between vertices that is none";
  const std::string size = "a tensor is not of the size that its shape says";
  const std::string large = "the tensor of a message between vertices is larger than one may be";
  CHECK(refusal(message, [](Bytes&) {}).empty());
  CHECK(refusal(message, [](Bytes& b) { b[kPhase] = 4; }) == none);
  CHECK(refusal(message, [](Bytes& b) { b[kKind] = 2; }) == none);
  CHECK(refusal(message, [](Bytes& b) { b[kFlags] = 8; }) == none);
  CHECK(refusal(message, [](Bytes& b) { b[kRank] = 9; }) == none);
  CHECK(refusal(message, [](Bytes& b) { b[kFlags] = 0; }) == none);  // a shape without a tensor
  CHECK(refusal(message, [](Bytes& b) { b.resize(head_bytes() - 1); }) == "a frame's content ends too early");
  CHECK(refusal(message, [](Bytes& b) { b.resize(head_bytes() + 7); }) == "a frame's content ends too early");
  CHECK(refusal(message, [](Bytes& b) { b.pop_back(); }) == size);
  CHECK(refusal(message, [](Bytes& b) { b.push_back(0); }) == size);
  CHECK(refusal(message, [](Bytes& b) { put_extent(b, 0, 3); }) == size);
  CHECK(refusal(message, [](Bytes& b) { put_extent(b, 0, -2); }) == large);
  CHECK(refusal(message, [](Bytes& b) { put_extent(b, 0, 1 << 28); }) == large);
  CHECK(refusal(message, [](Bytes& b) { b[kFlags] |= 4; }) == size);  // float64 elements are twice as many bytes
}

TEST_CASE("extents whose product overflows are refused, whatever their order") {
  const VertexMessage message = full_message<double>(3, counted<double>({1, 1, 1, 1, 1, 1, 1, 2}));
  const auto with = [&](std::vector<std::int32_t> extents) {
    return refusal(message, [&](Bytes& b) {
      for (std::size_t axis = 0; axis < extents.size(); ++axis) put_extent(b, axis, extents[axis]);
    });
  };
  const std::string large = "the tensor of a message between vertices is larger than one may be";
  CHECK(with({1 << 16, 1 << 16, 1 << 16, 1 << 16, 1, 1, 1, 1}) == large);
  CHECK(with({0, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff, 1, 1, 1}) == large);
  CHECK(with({0x7fffffff, 0x7fffffff, 0x7fffffff, 0, 1, 1, 1, 1}) == large);
}

TEST_CASE("a tensor beyond the credit is refused before there is memory for it") {
  Bytes content;
  append_vertex_message(content, full_message<float>(3, counted<float>({1 << 20})));
  ReceiveCredit credit(1 << 10);
  credit.received(1 << 10);
  CHECK_THROWS_WITH_AS(VertexMessageReader().begin(content, credit), "more was sent than there was credit for",
                       BadData);
}

TEST_CASE("a chunk that nothing is missing for is refused") {
  ReceiveCredit credit(std::uint64_t{1} << 40);
  VertexMessageReader reader;
  CHECK_THROWS_AS(reader.add(std::string_view("x")), BadData);
  Bytes content;
  append_vertex_message(content, full_message<float>(3, counted<float>({20'000})));
  reader.begin(content, credit);
  const Bytes chunk(80'001);
  CHECK_THROWS_AS(reader.add(chunk), BadData);
  reader.add(std::span(chunk).first(80'000));
  CHECK(reader.complete());
}
