// Purpose: a network that can fail: a port of this machine whose connections are passed on to another, until they are
// reset, or one way takes nothing more. Thread rule: one owner; it works on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "actors/descriptor.hpp"

namespace settle {

class TcpProxy {
 public:
  enum class Way { to_target, to_client };

  explicit TcpProxy(std::uint16_t target) : target_(target), thread_([this](std::stop_token stop) { run(stop); }) {}
  ~TcpProxy() {
    thread_.request_stop();
    wake();
  }
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  // Ends all connections as a machine that was started anew does, both ways.
  void reset() {
    change([&] { reset_ = true; });
  }
  // Bytes of this way wait from now on; nobody is told.
  void freeze(Way way) {
    change([&] { frozen_.at(static_cast<std::size_t>(way)) = true; });
  }
  void thaw() {
    change([&] { frozen_ = {}; });
  }

 private:
  // ends[0] is the client's. Index i of what goes from ends[i] is that of its Way.
  struct Connection {
    std::array<Descriptor, 2> ends;
    bool ended = false;
  };

  static Descriptor loopback_socket() { return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static Descriptor listening() {
    Descriptor socket = loopback_socket();
    const sockaddr_in address = loopback(0);
    if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket.number(), 16) != 0)
      throw std::runtime_error("cannot listen");
    return socket;
  }

  void wake() { ::eventfd_write(wake_.number(), 1); }
  template <class Change>
  void change(Change what) {
    const std::lock_guard lock(mutex_);
    what();
    wake();
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> waits = {{wake_.number(), POLLIN, 0}, {listener_.number(), POLLIN, 0}};
      {
        const std::lock_guard lock(mutex_);
        if (std::exchange(reset_, false)) reset_all();
        for (const Connection& connection : connections_)
          for (std::size_t i = 0; i < 2; ++i)
            waits.push_back({frozen_.at(i) ? -1 : connection.ends.at(i).number(), POLLIN, 0});
      }
      if (::poll(waits.data(), waits.size(), -1) < 0) continue;
      eventfd_t none = 0;
      if (waits[0].revents != 0) ::eventfd_read(wake_.number(), &none);
      std::size_t next = 2;
      for (Connection& connection : connections_)
        for (std::size_t i = 0; i < 2; ++i)
          if (waits[next++].revents != 0 && !connection.ended) connection.ended = !pass_on(connection, i);
      connections_.remove_if([](const Connection& connection) { return connection.ended; });
      if (waits[1].revents != 0) accept();
    }
  }

  void reset_all() {
    constexpr linger kAtOnce{1, 0};  // what is closed is reset
    for (const Connection& connection : connections_)
      for (const Descriptor& end : connection.ends)
        ::setsockopt(end.number(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce);
    connections_.clear();
  }

  void accept() {
    Connection connection{
        {Descriptor(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)), loopback_socket()}};
    const sockaddr_in address = loopback(target_);
    if (::connect(connection.ends[1].number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return;
    connections_.push_back(std::move(connection));
  }

  // False at the end of the connection.
  static bool pass_on(const Connection& connection, std::size_t from) {
    std::array<char, 1 << 16> bytes;
    const ssize_t count = ::recv(connection.ends.at(from).number(), bytes.data(), bytes.size(), 0);
    for (ssize_t passed = 0; passed < count;) {
      const ssize_t sent = ::send(connection.ends.at(1 - from).number(), bytes.data() + passed,
                                  static_cast<std::size_t>(count - passed), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      passed += sent;
    }
    return count > 0;
  }

  const std::uint16_t target_;
  const Descriptor listener_ = listening();
  const Descriptor wake_{::eventfd(0, EFD_CLOEXEC)};
  std::mutex mutex_;
  bool reset_ = false;
  std::array<bool, 2> frozen_{};
  std::list<Connection> connections_;  // the thread's own
  std::jthread thread_;                // last: it uses the others
};

}  // namespace settle
