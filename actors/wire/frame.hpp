// Purpose: what goes over a connection between two hosts: frames. Eight bytes of head, little-endian,
//   u32 length of the content | u8 protocol version | u8 type | u16 zero
// then the content. A type's content has limits, which are checked before anything is kept of it; before both sides
// have said hello only hello and bye are understood. Thread rule: a FrameReader has one owner.
#pragma once

#include <array>
#include <optional>

#include "actors/wire/bytes.hpp"

namespace settle {

inline constexpr std::uint8_t kProtocolVersion = 1;
inline constexpr std::size_t kFrameHeadBytes = 8;
inline constexpr std::size_t kChunkBytes = 256 << 10;        // of a tensor that does not fit into its vertex frame
inline constexpr std::size_t kInlineTensorBytes = 48 << 10;  // of one that does
inline constexpr std::size_t kControlBytes = 256 << 10;

enum class FrameType : std::uint8_t {
  hello = 1,  // who a side is: hello.hpp
  bye,        // why it leaves, a text
  heartbeat,  // nothing but life
  credit,     // how many bytes of vertex frames the receiver has been done with, in all: credit.hpp
  vertex,     // a message between vertices: vertex_message.hpp
  chunk,      // the next part of the last vertex frame's tensor
  control,    // between hosts and coordinator: u16 kind and what only they understand
};

// The content where it is whole, or a part of a chunk's as it comes in. Valid until the reader's next call.
struct Frame {
  FrameType type;
  std::span<const char> content;
};

// Requires: as much content as the type may have.
void append_frame(Bytes& out, FrameType type, std::span<const char> content);
// The head alone: the content follows otherwise.
void append_frame_head(Bytes& out, FrameType type, std::size_t content_bytes);

class FrameReader {
 public:
  // The next frame of what has come in, taken off the front of `line`; none where that ends first.
  // Errors: BadData saying what came and what may come; nothing may be read after that.
  std::optional<Frame> next(std::span<const char>& line);
  // Both sides have said hello.
  void accept_everything() noexcept { joined_ = true; }

 private:
  void begin();
  std::span<const char> take_from(std::span<const char>& line, std::size_t most) const;

  bool joined_ = false;
  std::array<char, kFrameHeadBytes> head_{};
  std::size_t head_filled_ = 0;
  FrameType type_{};
  std::size_t left_ = 0;  // of the content
  Bytes kept_;            // the content so far, where a line ended within it
};

}  // namespace settle
