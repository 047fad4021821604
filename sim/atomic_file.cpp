#include "sim/atomic_file.hpp"

#include <unistd.h>

#include <atomic>
#include <string>

namespace settle {
namespace {

std::filesystem::path temporary_beside(const std::filesystem::path& target) {
  static std::atomic<unsigned> serial = 0;
  return target.parent_path() / ("." + target.filename().string() + "." + std::to_string(::getpid()) + "-" +
                                 std::to_string(serial++) + ".tmp");
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, FileSystem& files)
    : path_(std::move(path)), temporary_(temporary_beside(path_)), files_(files) {
  file_ = files_.create(temporary_);
}

AtomicFile::~AtomicFile() {
  if (committed_) return;
  try {
    files_.remove(temporary_);
  } catch (...) {
    // The error that brought us here is the one to report.
  }
}

void AtomicFile::write(std::span<const std::byte> content) { files_.write(file_, content, temporary_); }

void AtomicFile::commit() {
  files_.sync(file_, temporary_);
  file_.close();
  files_.rename(temporary_, path_);
  committed_ = true;
  files_.sync_directory(path_.has_parent_path() ? path_.parent_path() : ".");
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> content, FileSystem& files) {
  AtomicFile file(path, files);
  file.write(content);
  file.commit();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view content, FileSystem& files) {
  write_file_atomically(path, std::as_bytes(std::span(content.data(), content.size())), files);
}

}  // namespace settle
