#include "actors/wire/peer.hpp"

namespace settle {
namespace {

constexpr std::size_t kStagedBytes = 64 << 10;
constexpr std::size_t kLongestReason = 1024;

// As it is shown to people, whoever wrote it.
std::string readable(std::span<const char> text) {
  std::string shown;
  for (const char c : text.first(std::min(text.size(), kLongestReason))) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown;
}

}  // namespace

Peer::Peer(const PeerSettings& settings, PeerRole role, std::unique_ptr<Channel> channel, WireTime now,
           std::optional<HostId> expected)
    : settings_(settings),
      role_(role),
      channel_(std::move(channel)),
      expected_(expected),
      began_(now),
      receive_credit_(settings.hello.window),
      last_sent_(now) {
  counters_.last_heard = now;
  if (role == PeerRole::connected) {
    channel_->start(answer_);
    say_hello();
  }
}

void Peer::receive(std::span<const char> line, WireTime now, PeerEvents& events) {
  if (state_ == PeerState::lost) return;
  counters_.bytes_received += line.size();
  counters_.last_heard = now;
  const auto take_frames = [&](std::span<const char> plain) {
    while (state_ != PeerState::lost) {
      const std::optional<Frame> frame = frames_.next(plain);
      if (!frame) break;
      take(*frame, events);
    }
  };
  try {
    channel_->receive(line, answer_, take_frames);
  } catch (const Error& error) {
    leave(error.what());
  }
}

void Peer::take(const Frame& frame, PeerEvents& events) {
  switch (frame.type) {
    case FrameType::hello:
      return take_hello(frame.content, events);
    case FrameType::bye:
      return lose("it left: " + readable(frame.content));
    case FrameType::heartbeat:
      return;
    case FrameType::credit:
      return send_credit_.done(ByteReader(frame.content).number<std::uint64_t>());
    case FrameType::vertex:
    case FrameType::chunk:
      return take_vertex(frame, events);
    case FrameType::control: {
      ByteReader content(frame.content);
      const auto kind = content.number<std::uint16_t>();
      return events.received_control(kind, content.take(content.remaining()));
    }
  }
}

void Peer::take_hello(std::span<const char> content, PeerEvents& events) {
  if (state_ != PeerState::greeting) throw BadData("hello was said twice");
  other_ = read_hello(content);
  const std::string reason = mismatch(settings_.hello, other_, settings_.allow_mixed);
  if (!reason.empty()) throw NotAuthorised(reason);
  if (expected_ && *expected_ != other_.rank)
    throw BadData("host " + std::to_string(*expected_) + " was expected there and host " + std::to_string(other_.rank) +
                  " answered");
  if (role_ == PeerRole::accepted) say_hello();
  send_credit_.open(other_.window);
  frames_.accept_everything();
  state_ = PeerState::joined;
  events.joined(other_);
}

void Peer::take_vertex(const Frame& frame, PeerEvents& events) {
  if (frame.type == FrameType::vertex) {
    if (!incoming_.complete()) throw BadData("a message began before the tensor of the last one was complete");
    incoming_bytes_ = incoming_.begin(frame.content, receive_credit_);
  } else {
    incoming_.add(frame.content);
  }
  if (!incoming_.complete()) return;
  ++counters_.messages_received;
  events.received(incoming_.take(), incoming_bytes_);
}

void Peer::say_hello() {
  Bytes content;
  append_hello(content, settings_.hello);
  append_frame(greeting_, FrameType::hello, content);
}

void Peer::lose(const std::string& cause) {
  if (state_ == PeerState::lost) return;
  state_ = PeerState::lost;
  cause_ = cause;
  chunks_left_ = {};
  queue_.clear();
  counters_.queued_messages = counters_.queued_bytes = 0;
}

void Peer::leave(const std::string& reason) {
  if (state_ == PeerState::lost) return;
  if (state_ == PeerState::joined) append(greeting_, control_);
  append_frame(greeting_, FrameType::bye, std::string_view(reason).substr(0, kLongestReason));
  lose(reason);
}

void Peer::disconnected() {
  lose(state_ == PeerState::joined ? "the connection ended" : "the connection ended before it had joined");
}

void Peer::tick(WireTime now) {
  if (state_ == PeerState::greeting && now - began_ > settings_.greeting_limit)
    leave("it did not join within " + std::to_string(settings_.greeting_limit.count()) + " ms");
  heartbeat_ = state_ == PeerState::joined && now - last_sent_ >= settings_.heartbeat_every;
}

void Peer::send(VertexMessage message) {
  if (state_ == PeerState::lost) return;
  ++counters_.queued_messages;
  counters_.queued_bytes += wire_bytes(message);
  queue_.push_back(std::move(message));
}

void Peer::send_control(std::uint16_t kind, std::span<const char> content) {
  append_frame_head(control_, FrameType::control, sizeof kind + content.size());
  ByteWriter(control_).number(kind);
  append(control_, content);
}

void Peer::done(std::size_t bytes) { receive_credit_.done(bytes); }

void Peer::produce(Bytes& line, std::size_t most, WireTime now) {
  const std::size_t before = line.size();
  append(line, answer_);
  answer_.clear();
  if (channel_->established()) {
    append(staged_, greeting_);
    greeting_.clear();
    if (state_ == PeerState::joined) {
      stage_urgent();
      while (line.size() - before + staged_.size() < most && stage_message(line)) {
      }
    }
    put_staged(line);
  }
  if (line.size() == before) return;
  counters_.bytes_sent += line.size() - before;
  last_sent_ = now;
}

void Peer::stage_urgent() {
  append(staged_, control_);
  control_.clear();
  if (receive_credit_.due()) {
    append_frame_head(staged_, FrameType::credit, sizeof(std::uint64_t));
    ByteWriter(staged_).number(receive_credit_.announce());
  }
  if (heartbeat_ && staged_.empty()) append_frame_head(staged_, FrameType::heartbeat, 0);
  heartbeat_ = false;
}

// The next frame of the queue. False where there is none, or no credit for it.
bool Peer::stage_message(Bytes& line) {
  if (queue_.empty()) return false;
  const VertexMessage& message = queue_.front();
  if (chunks_left_.empty()) {
    const std::size_t bytes = wire_bytes(message);
    if (!send_credit_.allows(bytes)) return false;
    send_credit_.sent(bytes);
    const auto tensor = tensor_bytes(message);
    if (in_chunks(tensor.size())) chunks_left_ = tensor;
    append_frame_head(staged_, FrameType::vertex, bytes - chunks_left_.size());
    append_vertex_message(staged_, message);
    if (staged_.size() >= kStagedBytes) put_staged(line);
  } else {
    const auto chunk = chunks_left_.first(std::min(kChunkBytes, chunks_left_.size()));
    append_frame_head(staged_, FrameType::chunk, chunk.size());
    put_staged(line);
    channel_->send(chunk, line);
    chunks_left_ = chunks_left_.subspan(chunk.size());
  }
  if (chunks_left_.empty()) {
    ++counters_.messages_sent;
    --counters_.queued_messages;
    counters_.queued_bytes -= wire_bytes(message);
    queue_.pop_front();
  }
  return true;
}

void Peer::put_staged(Bytes& line) {
  if (staged_.empty()) return;
  channel_->send(staged_, line);
  staged_.clear();
}

PeerCounters Peer::counters() const {
  PeerCounters counters = counters_;
  counters.credit = send_credit_.left();
  return counters;
}

}  // namespace settle
