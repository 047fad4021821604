#include "sim/watch/status_socket.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "graph/error.hpp"
#include "sim/watch/local_socket.hpp"

namespace settle {
namespace {

constexpr const char* kName = "status.sock";
constexpr std::chrono::milliseconds kPatience{100};

// With the folder that was made for it, where it is not in a run directory.
void remove_socket(const std::filesystem::path& path, bool with_folder) {
  std::error_code ignored;
  if (!std::filesystem::is_socket(path, ignored)) return;
  std::filesystem::remove(path, ignored);
  if (with_folder) std::filesystem::remove(path.parent_path(), ignored);  // if it is empty
}

// The lock says that no run goes on here, but the file may be in a copy of a run's directory that does.
void remove_left_over(const std::filesystem::path& run_directory) {
  remove_socket(run_directory / kName, false);
  try {
    const auto file = read_status_file(run_directory);
    if (file && !file->socket.empty() && !connect_to(file->socket, kPatience)) remove_socket(file->socket, true);
  } catch (const Error&) {
    // Somebody else's, or somebody is there.
  }
}

std::filesystem::path make_private_folder() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  std::error_code ignored;
  const std::filesystem::path parent =
      runtime && std::filesystem::is_directory(runtime, ignored) ? runtime : std::filesystem::temp_directory_path();
  std::string path = parent / "settle-XXXXXX";
  if (!::mkdtemp(path.data())) throw CannotCreate(path + ": cannot create: " + std::strerror(errno));
  return path;
}

}  // namespace

std::filesystem::path socket_of(const std::filesystem::path& run_directory, const StatusFile& file) {
  return file.socket.empty() ? run_directory / kName : file.socket;
}

StatusSocket::StatusSocket(const std::filesystem::path& run_directory)
    : path_(std::filesystem::absolute(run_directory) / kName) {
  remove_left_over(run_directory);
  try {
    listener_ = listen_at(path_);
  } catch (const CannotCreate&) {
    path_ = elsewhere_ = make_private_folder() / kName;
    listener_ = listen_at(path_);
  }
}

StatusSocket::~StatusSocket() { remove_socket(path_, !elsewhere_.empty()); }

}  // namespace settle
