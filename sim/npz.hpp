// Purpose: named arrays in one file, `.npz`: a zip archive with an entry NAME.npy an array, as numpy's savez writes.
// Entries are stored, not compressed (speed), with a fixed date: the same tensors give the same bytes. The zip's CRC of
// each entry is checked on reading. Callers: checkpoint, commands that exchange tensors with numpy.
// Thread rule: an NpzReader has one user at a time. Errors: BadData naming file and entry; MissingInput; CannotWrite.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/tensor.hpp"
#include "sim/npy.hpp"

struct zip;  // libzip's zip_t

namespace settle {

// Borrowed tensors by name; the order of names is the order in the file.
template <class Scalar>
using NamedViews = std::map<std::string, ConstView<Scalar>>;

template <class Scalar>
std::vector<std::byte> npz_bytes(const NamedViews<Scalar>& tensors);
// Replaces the file, atomically.
template <class Scalar>
void write_npz(const std::filesystem::path& path, const NamedViews<Scalar>& tensors);

class NpzReader {
 public:
  explicit NpzReader(const std::filesystem::path& path);
  // Requires: `file` outlives the reader. `name` is for messages.
  NpzReader(std::span<const std::byte> file, const std::string& name);

  // Without ".npy", in the file's order.
  const std::vector<std::string>& names() const noexcept { return names_; }
  NpyArray read(const std::string& name) const;

 private:
  struct Discard {
    void operator()(zip* archive) const noexcept;
  };
  void open(std::span<const std::byte> file);

  std::string name_;
  std::vector<std::byte> content_;  // of the constructor that takes a path
  std::size_t size_ = 0;            // of the archive
  std::unique_ptr<zip, Discard> archive_;
  std::vector<std::string> names_;
};

}  // namespace settle
