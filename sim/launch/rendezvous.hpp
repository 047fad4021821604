// Purpose: the file through which host 0 of a run tells the others where it is and how they show that they are of the
// run. It is in the run directory, for its owner's eyes only (0600): it has the run's private key in it. JSON:
//   {"schema": 1, "protocol", "hosts", "token", "scalar", "addresses": [..], "port", "ca", "certificate", "key"}
// the last three PEM texts, empty where the hosts speak in plain. Callers: commands that start or join hosts.
// Thread rule: any thread; a reader finds the whole of a file or none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actors/placement.hpp"
#include "actors/wire/tls/credentials.hpp"

namespace settle {

struct Rendezvous {
  std::vector<std::string> addresses;  // of host 0, to be tried in this order
  std::uint16_t port = 0;
  std::string token;
  std::string scalar;       // what the run computes in: "float32" or "float64"
  Credentials credentials;  // all texts empty: plain
  HostId hosts = 1;         // of the run, host 0 included
};

// `job`: Rank::job; with none the file is rendezvous.json.
std::filesystem::path rendezvous_path(const std::filesystem::path& run_directory, const std::string& job);

// The file, from construction, which replaces one that an earlier start left, to destruction, which removes it unless
// it is another start's by then. Errors: CannotCreate, CannotWrite naming the file.
class RendezvousFile {
 public:
  RendezvousFile(std::filesystem::path path, const Rendezvous& content);
  ~RendezvousFile();
  RendezvousFile(const RendezvousFile&) = delete;
  RendezvousFile& operator=(const RendezvousFile&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  std::string token_;
};

// Nothing where there is no such file (yet). Errors, naming the file: NotAuthorised where others than this user could
// have written or read it; BadData naming the member that is missing or makes no sense, or the protocol's versions;
// MissingInput where it cannot be opened.
std::optional<Rendezvous> read_rendezvous(const std::filesystem::path& path);

}  // namespace settle
