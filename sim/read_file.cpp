#include "sim/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "graph/error.hpp"

namespace settle {
namespace {

Descriptor open_for_reading(const std::filesystem::path& path, const std::string& remedy) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  int cause = file ? 0 : errno;
  if (file && ::fstat(file.number(), &status) == 0 && S_ISDIR(status.st_mode)) cause = EISDIR;
  if (cause == 0) return file;
  const std::string what = cause == ENOENT ? "no such file" : std::strerror(cause);
  throw MissingInput(path.string() + ": " + what + (remedy.empty() ? "" : "; " + remedy));
}

// Fills a vector or a string; the size that the file claims is only a hint (a pipe has none).
template <class Container>
Container read_all(const Descriptor& file, const std::filesystem::path& path, std::uint64_t limit) {
  struct stat status {};
  ::fstat(file.number(), &status);
  Container content;
  content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(
      limit, S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : std::uint64_t{0})));
  std::size_t filled = 0;
  for (;;) {
    if (filled == content.size()) content.resize(filled + std::max<std::size_t>(filled / 2, 4096));
    const ssize_t count = ::read(file.number(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw BadData(path.string() + ": cannot be read: " + std::strerror(errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled > limit) throw BadData(path.string() + ": longer than the " + std::to_string(limit) + " bytes allowed");
  }
  content.resize(filled);
  return content;
}

}  // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, const std::string& remedy, std::uint64_t limit) {
  return read_all<std::vector<std::byte>>(open_for_reading(path, remedy), path, limit);
}

std::string read_text(const std::filesystem::path& path, const std::string& remedy, std::uint64_t limit) {
  return read_text(open_for_reading(path, remedy), path, limit);
}

std::string read_text(const Descriptor& file, const std::filesystem::path& path, std::uint64_t limit) {
  return read_all<std::string>(file, path, limit);
}

}  // namespace settle
