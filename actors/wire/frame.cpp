#include "actors/wire/frame.hpp"

#include <cassert>

namespace settle {
namespace {

struct Limits {
  std::string_view name;
  std::size_t least;
  std::size_t most;
};

// Room for the head of a vertex message beside its tensor.
constexpr std::size_t kVertexHeadRoom = 64;
constexpr std::size_t kGreetingBytes = 2048;

// By FrameType.
constexpr Limits kLimits[] = {
    {"", 0, 0},
    {"hello", 1, kGreetingBytes},
    {"bye", 0, kGreetingBytes},
    {"heartbeat", 0, 0},
    {"credit", 8, 8},
    {"vertex", 1, kVertexHeadRoom + kInlineTensorBytes},
    {"chunk", 1, kChunkBytes},
    {"control", 2, 2 + kControlBytes},
};

const Limits& limits_of(FrameType type) { return kLimits[static_cast<std::size_t>(type)]; }

}  // namespace

void append_frame_head(Bytes& out, FrameType type, std::size_t content_bytes) {
  assert(content_bytes >= limits_of(type).least && content_bytes <= limits_of(type).most);
  ByteWriter write(out);
  write.number(static_cast<std::uint32_t>(content_bytes));
  write.number(kProtocolVersion);
  write.number(type);
  write.number(std::uint16_t{0});
}

void append_frame(Bytes& out, FrameType type, std::span<const char> content) {
  append_frame_head(out, type, content.size());
  append(out, content);
}

std::optional<Frame> FrameReader::next(std::span<const char>& line) {
  if (head_filled_ < head_.size()) {
    const auto part = take_from(line, head_.size() - head_filled_);
    std::ranges::copy(part, head_.begin() + static_cast<std::ptrdiff_t>(head_filled_));
    head_filled_ += part.size();
    if (head_filled_ < head_.size()) return std::nullopt;
    begin();
  }
  if (left_ > 0 && line.empty()) return std::nullopt;
  const auto part = take_from(line, left_);
  left_ -= part.size();
  if (left_ == 0) head_filled_ = 0;
  if (type_ == FrameType::chunk || (left_ == 0 && kept_.empty())) return Frame{type_, part};
  append(kept_, part);
  if (left_ > 0) return std::nullopt;
  return Frame{type_, kept_};
}

void FrameReader::begin() {
  ByteReader head(head_);
  left_ = head.number<std::uint32_t>();
  const auto version = head.number<std::uint8_t>();
  const auto type = head.number<std::uint8_t>();
  const auto zero = head.number<std::uint16_t>();
  if (type == 0 || type >= std::size(kLimits) || zero != 0) throw BadData("these bytes are no frame of settle's");
  if (version != kProtocolVersion)
    throw BadData("it speaks version " + std::to_string(version) + " of the protocol, this host version " +
                  std::to_string(kProtocolVersion) + ": run the same build everywhere");
  type_ = FrameType{type};
  const Limits& limits = limits_of(type_);
  if (!joined_ && type_ != FrameType::hello && type_ != FrameType::bye)
    throw BadData("a frame of type " + std::string(limits.name) + " came before hello");
  if (left_ < limits.least || left_ > limits.most)
    throw BadData("a frame of type " + std::string(limits.name) + " announces " + std::to_string(left_) +
                  " bytes, which has " + std::to_string(limits.least) + " to " + std::to_string(limits.most));
  kept_.clear();
}

std::span<const char> FrameReader::take_from(std::span<const char>& line, std::size_t most) const {
  const auto taken = line.first(std::min(line.size(), most));
  line = line.subspan(taken.size());
  return taken;
}

}  // namespace settle
