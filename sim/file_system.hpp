// Purpose: the steps by which a file becomes durable, one virtual function each: the seam at which a test stops the
// program, as a crash or a power cut would, at every step in turn. Callers: atomic_file, checkpoint, checkpoint_shard,
// run_directory.
// Thread rule: `system()` is stateless, any thread.
// Errors: CannotCreate where a file or directory cannot be made, else CannotWrite; both name the path and the cause.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "actors/descriptor.hpp"

namespace settle {

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // A new, empty file, or the old one emptied.
  virtual Descriptor create(const std::filesystem::path& path);
  // All of `bytes`, or an error.
  virtual void write(const Descriptor& file, std::span<const std::byte> bytes, const std::filesystem::path& path);
  virtual void sync(const Descriptor& file, const std::filesystem::path& path);
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to);
  // Makes the entries of a directory (creations and renames) durable.
  virtual void sync_directory(const std::filesystem::path& directory);
  // With its missing parents; one that exists is left alone.
  virtual void make_directory(const std::filesystem::path& directory);
  // A file, or a directory with what is in it; nothing where there is none.
  virtual void remove(const std::filesystem::path& path);

  // A file with that content, durable but for its entry in the directory: for a directory that nobody looks into yet.
  void write_durably(const std::filesystem::path& path, std::span<const std::byte> content);

  static FileSystem& system();
};

}  // namespace settle
