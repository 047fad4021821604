#include "actors/wire/vertex_message.hpp"

#include <algorithm>
#include <cstring>

#include "actors/wire/frame.hpp"

namespace settle {
namespace {

constexpr std::size_t kHeadBytes = 4 + 4 + 4 + 4 + 8 + 1 + 1 + 1 + 1 + 2;
constexpr std::uint8_t kToken = 1;
constexpr std::uint8_t kTensor = 2;
constexpr std::uint8_t kFloat64 = 4;

template <class Scalar>
std::size_t rank_of(const Message<Scalar>& message) noexcept {
  return message.tensor ? message.tensor.shape().rank() : 0;
}

template <class Scalar>
void append_head(Bytes& out, VertexId to, const Message<Scalar>& message) {
  const int flags =
      (message.token ? kToken : 0) | (message.tensor ? kTensor : 0) | (std::is_same_v<Scalar, double> ? kFloat64 : 0);
  ByteWriter write(out);
  write.number(to);
  write.number(message.slot);
  write.number(message.version);
  write.number(message.gain);
  write.number(message.stamp.trial);
  write.number(message.stamp.phase);
  write.number(message.kind);
  write.number(static_cast<std::uint8_t>(flags));
  write.number(static_cast<std::uint8_t>(rank_of(message)));
  write.number(message.heard);
  if (!message.tensor) return;
  const Shape shape = message.tensor.shape();
  for (const std::int32_t extent : shape.extents()) write.number(extent);
}

struct Head {
  VertexId to;
  Slot slot;
  std::uint32_t version;
  float gain;
  std::uint64_t trial;
  Phase phase;
  MessageKind kind;
  std::uint8_t flags;
  std::uint8_t rank;
  std::uint16_t heard;

  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

Head read_head(ByteReader& content) {
  Head head{};
  head.to = content.number<VertexId>();
  head.slot = content.number<Slot>();
  head.version = content.number<std::uint32_t>();
  head.gain = content.number<float>();
  head.trial = content.number<std::uint64_t>();
  head.phase = content.number<Phase>();
  head.kind = content.number<MessageKind>();
  head.flags = content.number<std::uint8_t>();
  head.rank = content.number<std::uint8_t>();
  head.heard = content.number<std::uint16_t>();
  const bool known = head.phase <= Phase::learn && head.kind <= MessageKind::feedback &&
                     head.flags <= (kToken | kTensor | kFloat64) && head.rank <= Shape::kMaxRank;
  if (!known || (!head.has(kTensor) && head.rank != 0)) throw BadData("a message between vertices that is none");
  return head;
}

// Errors: BadData unless the extents are those of a tensor within the limit.
Shape read_shape(ByteReader& content, std::size_t rank, std::size_t scalar_bytes) {
  std::array<std::int32_t, Shape::kMaxRank> extents{};
  std::size_t bytes = scalar_bytes;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    extents[axis] = content.number<std::int32_t>();
    const auto count = static_cast<std::size_t>(std::max(extents[axis], 1));
    if (extents[axis] < 0 || count > kLargestTensorBytes / bytes)
      throw BadData("the tensor of a message between vertices is larger than one may be");
    bytes *= count;
  }
  return Shape(std::span<const std::int32_t>(extents.data(), rank));
}

template <class Scalar>
Message<Scalar> without_tensor(const Head& head) {
  Message<Scalar> message;
  message.stamp = {.trial = head.trial, .phase = head.phase};
  message.kind = head.kind;
  message.token = head.has(kToken);
  message.slot = head.slot;
  message.version = head.version;
  message.gain = head.gain;
  message.heard = head.heard;
  return message;
}

// What is missing of the tensor, where it follows in chunks.
template <class Scalar>
std::span<char> read_message(const Head& head, const Shape& shape, std::span<const char> elements, std::size_t bytes,
                             VertexMessage& into) {
  auto& message = into.message.emplace<Message<Scalar>>(without_tensor<Scalar>(head));
  if (!head.has(kTensor)) return {};
  message.tensor = Payload<Scalar>::of(shape);
  const std::span<char> memory{reinterpret_cast<char*>(message.tensor.writable().data), bytes};
  if (in_chunks(bytes)) return memory;
  std::ranges::copy(elements, memory.begin());
  return {};
}

}  // namespace

bool in_chunks(std::size_t tensor_bytes) noexcept { return tensor_bytes > kInlineTensorBytes; }

std::span<const char> tensor_bytes(const VertexMessage& message) noexcept {
  return std::visit(
      []<class Scalar>(const Message<Scalar>& m) -> std::span<const char> {
        if (!m.tensor) return {};
        const auto elements = m.tensor.flat();
        return {reinterpret_cast<const char*>(elements.data()), elements.size_bytes()};
      },
      message.message);
}

std::size_t wire_bytes(const VertexMessage& message) noexcept {
  const std::size_t rank = std::visit([](const auto& m) { return rank_of(m); }, message.message);
  return kHeadBytes + sizeof(std::int32_t) * rank + tensor_bytes(message).size();
}

void append_vertex_message(Bytes& out, const VertexMessage& message) {
  std::visit([&](const auto& m) { append_head(out, message.to, m); }, message.message);
  const auto elements = tensor_bytes(message);
  if (!in_chunks(elements.size())) append(out, elements);
}

std::size_t VertexMessageReader::begin(std::span<const char> content, ReceiveCredit& credit) {
  ByteReader read(content);
  const Head head = read_head(read);
  const std::size_t scalar_bytes = head.has(kFloat64) ? sizeof(double) : sizeof(float);
  const Shape shape = read_shape(read, head.rank, scalar_bytes);
  const std::size_t bytes = head.has(kTensor) ? static_cast<std::size_t>(shape.size()) * scalar_bytes : 0;
  const std::size_t follows = in_chunks(bytes) ? bytes : 0;
  if (read.remaining() != bytes - follows) throw BadData("a tensor is not of the size that its shape says");
  const std::size_t total = content.size() + follows;
  credit.received(total);
  message_.to = head.to;
  const auto elements = read.take(read.remaining());
  missing_ = head.has(kFloat64) ? read_message<double>(head, shape, elements, bytes, message_)
                                : read_message<float>(head, shape, elements, bytes, message_);
  return total;
}

void VertexMessageReader::add(std::span<const char> content) {
  if (content.size() > missing_.size()) throw BadData("a chunk came of a tensor that has all its elements");
  std::memcpy(missing_.data(), content.data(), content.size());
  missing_ = missing_.subspan(content.size());
}

}  // namespace settle
