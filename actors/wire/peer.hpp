// Purpose: one side of a connection between two hosts, as a pure state machine: bytes in, messages out; messages in,
// bytes out. It says hello, holds messages until the other side has, keeps to the other's credit and gives its own,
// lets control overtake tensors, and gathers small frames. No socket, thread or clock: time is an argument.
//   greeting --hello of both--> joined --> lost      (lost: also from greeting)
// The side that connected says hello first; the other answers once it finds that they belong together.
// Caller: the gateway. Thread rule: one owner.
#pragma once

#include <deque>
#include <memory>

#include "actors/peer_counters.hpp"
#include "actors/wire/channel.hpp"
#include "actors/wire/credit.hpp"
#include "actors/wire/frame.hpp"
#include "actors/wire/hello.hpp"
#include "actors/wire/vertex_message.hpp"

namespace settle {

struct PeerSettings {
  Hello hello;
  bool allow_mixed = false;
  std::chrono::milliseconds greeting_limit{5000};  // who has not joined by then is lost
  std::chrono::milliseconds heartbeat_every{500};  // sent where nothing else was
};

enum class PeerState { greeting, joined, lost };

// What came of received bytes. Nothing of the Peer may be called from here.
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  virtual void joined(const Hello& other) = 0;
  // `bytes`: what the receiver gives to `Peer::done` when it needs room for the message no more.
  virtual void received(VertexMessage message, std::size_t bytes) = 0;
  virtual void received_control(std::uint16_t kind, std::span<const char> content) = 0;
};

class Peer {
 public:
  // `expected`: the rank of the host that was connected to.
  Peer(const PeerSettings& settings, PeerRole role, std::unique_ptr<Channel> channel, WireTime now,
       std::optional<HostId> expected = std::nullopt);

  PeerState state() const noexcept { return state_; }
  // Why it is lost; empty before.
  const std::string& cause() const noexcept { return cause_; }
  // Requires: joined at some time.
  HostId rank() const noexcept { return other_.rank; }

  void receive(std::span<const char> line, WireTime now, PeerEvents& events);
  // Appends what may go out: all that is urgent, and messages until it is `most` bytes (a chunk more at most).
  void produce(Bytes& line, std::size_t most, WireTime now);
  // Deadline and heartbeat.
  void tick(WireTime now);

  void send(VertexMessage message);
  // Requires: at most kControlBytes.
  void send_control(std::uint16_t kind, std::span<const char> content);
  // Gives credit back for a message that was received.
  void done(std::size_t bytes);
  // Ends it from this side: control that waits goes out, then a bye with the reason; messages are dropped. Nothing
  // where it is lost already.
  void leave(const std::string& reason);
  // The connection is gone.
  void disconnected();

  PeerCounters counters() const;

 private:
  void take(const Frame& frame, PeerEvents& events);
  void take_hello(std::span<const char> content, PeerEvents& events);
  void take_vertex(const Frame& frame, PeerEvents& events);
  void say_hello();
  void lose(const std::string& cause);
  void stage_urgent();
  bool stage_message(Bytes& line);
  void put_staged(Bytes& line);

  PeerSettings settings_;
  PeerRole role_;
  std::unique_ptr<Channel> channel_;
  std::optional<HostId> expected_;
  WireTime began_;
  PeerState state_ = PeerState::greeting;
  std::string cause_;
  Hello other_;

  FrameReader frames_;
  VertexMessageReader incoming_;
  std::size_t incoming_bytes_ = 0;
  ReceiveCredit receive_credit_;
  SendCredit send_credit_;

  Bytes answer_;    // of the channel: goes out before everything else
  Bytes greeting_;  // hello and bye
  Bytes control_;   // waits until joined
  bool heartbeat_ = false;
  std::deque<VertexMessage> queue_;
  std::span<const char> chunks_left_;  // of the front of the queue, where its head has been sent
  Bytes staged_;                       // frames on their way into the channel
  WireTime last_sent_;
  PeerCounters counters_;
};

}  // namespace settle
