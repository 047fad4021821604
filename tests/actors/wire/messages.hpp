// Purpose: messages between vertices to send over wires, and how tests compare them: to the bit. Thread rule: pure.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cstring>
#include <numeric>

#include "actors/wire/vertex_message.hpp"

namespace settle {

template <class Scalar>
Payload<Scalar> counted(const Shape& shape, Scalar first = 1) {
  Payload<Scalar> payload = Payload<Scalar>::of(shape);
  const auto view = payload.writable();
  std::iota(view.data, view.data + shape.size(), first);
  return payload;
}

// Field by field something else than the default.
template <class Scalar>
VertexMessage full_message(VertexId to, Payload<Scalar> tensor) {
  Message<Scalar> message;
  message.stamp = {.trial = 0x123456789abcdef0, .phase = Phase::relax};
  message.kind = MessageKind::feedback;
  message.slot = 77;
  message.version = 0xfedcba98;
  message.gain = 0.3F;
  message.heard = 0x8765;
  message.tensor = std::move(tensor);
  return {to, std::move(message)};
}

inline bool same_bits(std::span<const char> a, std::span<const char> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

inline void check_same(const VertexMessage& a, const VertexMessage& b) {
  CHECK(a.to == b.to);
  REQUIRE(a.message.index() == b.message.index());
  std::visit(
      [&]<class Scalar>(const Message<Scalar>& mine) {
        const auto& other = std::get<Message<Scalar>>(b.message);
        CHECK(mine.stamp == other.stamp);
        CHECK(mine.kind == other.kind);
        CHECK(mine.token == other.token);
        CHECK(mine.slot == other.slot);
        CHECK(mine.version == other.version);
        CHECK(mine.heard == other.heard);
        CHECK(std::bit_cast<std::uint32_t>(mine.gain) == std::bit_cast<std::uint32_t>(other.gain));
        REQUIRE(bool(mine.tensor) == bool(other.tensor));
        if (mine.tensor) CHECK(mine.tensor.shape() == other.tensor.shape());
      },
      a.message);
  CHECK(same_bits(tensor_bytes(a), tensor_bytes(b)));
}

}  // namespace settle
