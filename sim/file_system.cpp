#include "sim/file_system.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "graph/error.hpp"

namespace settle {
namespace {

[[noreturn]] void fail_to_write(const std::filesystem::path& path, int cause) {
  throw CannotWrite(path.string() + ": cannot write: " + std::strerror(cause));
}

void sync_descriptor(const Descriptor& file, const std::filesystem::path& path) {
  // Some file systems know no fsync for directories or special files (EINVAL): there is nothing more to do there.
  if (::fsync(file.number()) != 0 && errno != EINVAL && errno != EROFS) fail_to_write(path, errno);
}

}  // namespace

Descriptor FileSystem::create(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) throw CannotCreate(path.string() + ": cannot create: " + std::strerror(errno));
  return file;
}

void FileSystem::write(const Descriptor& file, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_to_write(path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void FileSystem::sync(const Descriptor& file, const std::filesystem::path& path) { sync_descriptor(file, path); }

void FileSystem::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail_to_write(to, errno);
}

void FileSystem::sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) fail_to_write(directory, errno);
  sync_descriptor(opened, directory);
}

void FileSystem::make_directory(const std::filesystem::path& directory) {
  std::error_code cause;
  std::filesystem::create_directories(directory, cause);
  if (cause) throw CannotCreate(directory.string() + ": cannot create this directory: " + cause.message());
}

void FileSystem::remove(const std::filesystem::path& path) {
  std::error_code cause;
  std::filesystem::remove_all(path, cause);
  if (cause) fail_to_write(path, cause.value());
}

void FileSystem::write_durably(const std::filesystem::path& path, std::span<const std::byte> content) {
  const Descriptor file = create(path);
  write(file, content, path);
  sync(file, path);
}

FileSystem& FileSystem::system() {
  static FileSystem instance;
  return instance;
}

}  // namespace settle
