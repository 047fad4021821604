#include "actors/caf/tcp_connect.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "actors/wire/peer_error.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{50};  // for a stop

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// What became of a connection that has begun: 0 or an error number.
int outcome(const Descriptor& socket, Clock::time_point until, const std::stop_token& stop) {
  pollfd wait{socket.number(), POLLOUT, 0};
  while (::poll(&wait, 1, static_cast<int>(kLook.count())) != 1) {
    if (stop.stop_requested()) return ECANCELED;
    if (Clock::now() > until) return ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Descriptor tcp_connect(const std::string& address, std::uint16_t port, std::chrono::milliseconds limit,
                       const std::stop_token& stop) {
  const std::string place = address + ":" + std::to_string(port) + " cannot be reached: ";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int found = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list);
  const Addresses addresses(list);
  if (found != 0) throw PeerGone(place + ::gai_strerror(found));
  const auto until = Clock::now() + limit;
  int error = 0;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Descriptor socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    error = !socket ? errno : ::connect(socket.number(), one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = outcome(socket, until, stop);
    if (error == 0) return socket;
  }
  throw PeerGone(place + std::strerror(error));
}

}  // namespace settle
