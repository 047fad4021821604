#include "sim/atomic_file.hpp"

#include <unistd.h>

#include <atomic>
#include <string>

namespace settle {
namespace {

// Removes the temporary file unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& target, FileSystem& files) : files_(files) {
    static std::atomic<unsigned> serial = 0;
    path_ = target.parent_path() / ("." + target.filename().string() + "." + std::to_string(::getpid()) + "-" +
                                    std::to_string(serial++) + ".tmp");
  }
  ~TemporaryFile() {
    if (renamed_) return;
    try {
      files_.remove(path_);
    } catch (...) {
      // The error that brought us here is the one to report.
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  void rename_to(const std::filesystem::path& target) {
    files_.rename(path_, target);
    renamed_ = true;
  }

 private:
  FileSystem& files_;
  std::filesystem::path path_;
  bool renamed_ = false;
};

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> content, FileSystem& files) {
  TemporaryFile temporary(path, files);
  Descriptor file = files.create(temporary.path());
  files.write(file, content, temporary.path());
  files.sync(file, temporary.path());
  file.close();
  temporary.rename_to(path);
  files.sync_directory(path.has_parent_path() ? path.parent_path() : ".");
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content, FileSystem& files) {
  write_file_atomically(path, std::as_bytes(std::span(content.data(), content.size())), files);
}

}  // namespace settle
