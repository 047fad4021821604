// Purpose: a file that appears whole or not at all, whatever happens meanwhile: a temporary file in the same
// directory, fsync, rename over `path`, fsync of the directory. After an error (disk full, ...) the former content of
// `path` is untouched and the temporary file is gone; after a crash a `.NAME.*.tmp` may be left over.
// Thread rule: any thread; of two writers of one path one wins, whole. Errors: CannotCreate, CannotWrite.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "sim/file_system.hpp"

namespace settle {

// Piece by piece: nothing of it is at `path` before `commit`.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path, FileSystem& files = FileSystem::system());
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> content);
  void write(std::string_view content) { write(std::as_bytes(std::span(content.data(), content.size()))); }
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  FileSystem& files_;
  Descriptor file_;
  bool committed_ = false;
};

// At once.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> content,
                           FileSystem& files = FileSystem::system());
void write_file_atomically(const std::filesystem::path& path, std::string_view content,
                           FileSystem& files = FileSystem::system());

}  // namespace settle
