#include "sim/watch/local_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "actors/wire/peer_error.hpp"

namespace settle {
namespace {

// What sockets are called has room for some hundred characters only, so that a path goes by its open folder.
struct Address {
  Descriptor folder;
  sockaddr_un name{};

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

// Nothing, with errno, where the folder cannot be reached.
std::optional<Address> address_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  Address address{Descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))};
  if (!address.folder) return std::nullopt;
  const std::string text = "/proc/self/fd/" + std::to_string(address.folder.number()) + "/" + path.filename().string();
  if (text.size() >= sizeof address.name.sun_path) {
    errno = ENAMETOOLONG;
    return std::nullopt;
  }
  address.name.sun_family = AF_UNIX;
  std::ranges::copy(text, address.name.sun_path);
  return address;
}

CannotCreate cannot_listen(const std::filesystem::path& path) {
  return CannotCreate(path.string() + ": cannot listen there: " + std::strerror(errno));
}

}  // namespace

Descriptor listen_at(const std::filesystem::path& path) {
  constexpr int kBacklog = 64;
  const auto address = address_of(path);
  if (!address) throw cannot_listen(path);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The file gets the mode that the socket has, at no moment another one.
  if (!socket || ::fchmod(socket.number(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(socket.number(), address->get(), sizeof address->name) != 0 || ::listen(socket.number(), kBacklog) != 0)
    throw cannot_listen(path);
  return socket;
}

std::optional<Descriptor> connect_to(const std::filesystem::path& path, std::chrono::milliseconds patience) {
  const auto address = address_of(path);
  if (!address) return std::nullopt;
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = patience.count() / 1000, .tv_usec = patience.count() % 1000 * 1000};
  for (const int what : {SO_RCVTIMEO, SO_SNDTIMEO})
    ::setsockopt(socket.number(), SOL_SOCKET, what, &limit, sizeof limit);
  if (::connect(socket.number(), address->get(), sizeof address->name) == 0) return socket;
  if (errno == EACCES || errno == EPERM)
    throw NotAuthorised(path.string() + ": only the user who started the run may ask it");
  if (errno == EAGAIN || errno == EINPROGRESS)
    throw PeerGone(path.string() + ": the run takes no more questions: it is stopped, or too many wait already");
  return std::nullopt;
}

bool is_of_this_user(const Descriptor& connection) {
  ucred other{};
  socklen_t size = sizeof other;
  return ::getsockopt(connection.number(), SOL_SOCKET, SO_PEERCRED, &other, &size) == 0 && other.uid == ::geteuid();
}

}  // namespace settle
