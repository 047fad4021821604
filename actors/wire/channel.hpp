// Purpose: what lies between frames and the bytes of a connection: nothing (PlainChannel) or encryption
// (tls/tls_channel.hpp). Bytes in, bytes out: no socket, no clock. Thread rule: one owner.
#pragma once

#include <functional>

#include "actors/wire/bytes.hpp"
#include "actors/wire/peer_error.hpp"

namespace settle {

enum class PeerRole { connected, accepted };  // which side opened the connection

class Channel {
 public:
  using Sink = std::function<void(std::span<const char> plain)>;

  virtual ~Channel() = default;
  // True once the other side has shown that it belongs here, as far as this channel looks; nothing is sent before.
  virtual bool established() const noexcept = 0;
  // What has to go out first, appended to `line`.
  virtual void start(Bytes& line) = 0;
  // All of `received` goes in; what it says goes to `sink`, in pieces, and what has to be answered is appended to
  // `line`. Errors: NotAuthorised for who does not belong here, BadData for bytes that are none of this channel's.
  virtual void receive(std::span<const char> received, Bytes& line, const Sink& sink) = 0;
  // `plain` as it goes out, appended to `line`. Requires: established.
  virtual void send(std::span<const char> plain, Bytes& line) = 0;
};

class PlainChannel final : public Channel {
 public:
  bool established() const noexcept override { return true; }
  void start(Bytes&) override {}
  void receive(std::span<const char> received, Bytes&, const Sink& sink) override { sink(received); }
  void send(std::span<const char> plain, Bytes& line) override { append(line, plain); }
};

}  // namespace settle
