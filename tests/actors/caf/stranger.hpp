// Purpose: who connects to a gateway's port without belonging there: a bare socket, and what it says over it, in the
// open or through a Channel. Thread rule: one owner.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include "actors/descriptor.hpp"
#include "actors/wire/channel.hpp"

namespace settle {

class Stranger {
 public:
  explicit Stranger(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }

  int socket() const { return socket_.number(); }
  // As far as the other side takes it.
  void say(std::span<const char> bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
  }
  // Over a channel of its own: whatever it takes to get there, then `bytes`.
  void say(Channel& channel, std::span<const char> bytes) {
    Bytes line;
    channel.start(line);
    say(line);
    while (!channel.established()) {
      line.clear();
      const Bytes received = hear();
      if (received.empty()) return;
      channel.receive(received, line, [](std::span<const char>) {});
      say(line);
    }
    line.clear();
    channel.send(bytes, line);
    say(line);
  }
  // What came, or nothing at the connection's end (or after a minute, which fails the test).
  Bytes hear() {
    pollfd wait{socket_.number(), POLLIN, 0};
    REQUIRE(::poll(&wait, 1, 60'000) == 1);
    Bytes bytes(1 << 16);
    const ssize_t count = ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return bytes;
  }
  // Waits for the other side to end the connection; returns what it said until then.
  std::string hear_all() {
    std::string all;
    for (Bytes part = hear(); !part.empty(); part = hear()) all.append(part.begin(), part.end());
    return all;
  }

 private:
  Descriptor socket_;
};

}  // namespace settle
