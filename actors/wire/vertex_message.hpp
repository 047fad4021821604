// Purpose: a message between vertices of two hosts, as frames carry it. The head,
//   u32 receiving vertex | u32 slot | u32 version | f32 gain | u64 trial | u8 phase | u8 kind | u8 flags | u8 rank |
//   u16 heard | u32 extents...
// then the tensor, element for element in the hosts' order of bytes (hello refuses a mix): behind the head where it is
// small, else in chunks that follow. A message without a tensor is a flag in the head. Thread rule: value types.
#pragma once

#include <variant>

#include "actors/protocol.hpp"
#include "actors/wire/bytes.hpp"
#include "actors/wire/credit.hpp"

namespace settle {

struct VertexMessage {
  VertexId to = 0;
  std::variant<Message<float>, Message<double>> message;
};

// No tensor of more is sent or accepted.
inline constexpr std::size_t kLargestTensorBytes = std::size_t{1} << 30;

// The tensor's elements; empty where there is none. Valid as long as `message` stays where it is.
std::span<const char> tensor_bytes(const VertexMessage& message) noexcept;
bool in_chunks(std::size_t tensor_bytes) noexcept;
// What credit counts: head and tensor.
std::size_t wire_bytes(const VertexMessage& message) noexcept;

// The content of the vertex frame: the head, and the tensor unless it follows in chunks.
// Requires: a tensor of at most kLargestTensorBytes.
void append_vertex_message(Bytes& out, const VertexMessage& message);

// Puts a message together from its frames.
class VertexMessageReader {
 public:
  // `content`: of a vertex frame. Returns the message's wire_bytes, which it takes from `credit`, all of it checked
  // before anything is allocated. Requires: `complete()`. Errors: BadData for what is no message, or beyond the credit.
  std::size_t begin(std::span<const char> content, ReceiveCredit& credit);
  // `content`: a part of a chunk. Errors: BadData where less of a tensor is missing.
  void add(std::span<const char> content);
  bool complete() const noexcept { return missing_.empty(); }
  // Requires: begun, `complete()`, taken once.
  VertexMessage take() noexcept { return std::move(message_); }

 private:
  VertexMessage message_;
  std::span<char> missing_;  // of its tensor
};

}  // namespace settle
