// Purpose: where a run is asked how it is: the socket status.sock in its directory or, where that file system has no
// sockets, one in a private folder of this machine. One that a run left which was killed is known by that nobody
// answers there, and removed. Caller: who holds the run directory's lock. Thread rule: one owner.
#pragma once

#include "actors/descriptor.hpp"
#include "sim/watch/status_file.hpp"

namespace settle {

// Of a run with that file, as this process reaches it.
std::filesystem::path socket_of(const std::filesystem::path& run_directory, const StatusFile& file);

class StatusSocket {
 public:
  // Errors: CannotCreate where there is no place for one.
  explicit StatusSocket(const std::filesystem::path& run_directory);
  // Removes it.
  ~StatusSocket();
  StatusSocket(const StatusSocket&) = delete;
  StatusSocket& operator=(const StatusSocket&) = delete;

  // As StatusFile::socket.
  const std::filesystem::path& elsewhere() const noexcept { return elsewhere_; }
  const Descriptor& listener() const noexcept { return listener_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path elsewhere_;
  Descriptor listener_;
};

}  // namespace settle
