// Purpose: the bytes of a file in memory, inflated on the way where the file is gzip-compressed (RFC 1952, by zlib;
// several members count as one file). Caller: idx_format. Thread rule: one user.
// Errors: BadData naming the file where the compressed data is cut off or damaged.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace settle {

class ByteStream {
 public:
  // Requires: `file` outlives the stream.
  ByteStream(std::span<const std::byte> file, const std::string& name);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  // Fills `out` from the front; returns how many bytes there were, less than asked for only at the end.
  std::size_t read(std::span<std::byte> out);
  // No stream over this file can give more bytes than this.
  std::uint64_t upper_bound() const noexcept;

 private:
  std::size_t inflate_into(std::span<std::byte> out);
  // False at the end of the file.
  bool start_next_member();

  std::string name_;
  std::span<const std::byte> file_;
  std::size_t taken_ = 0;  // of file_, where it is plain or not yet handed to zlib
  bool compressed_ = false;
  bool ended_ = false;
  z_stream inflater_{};
};

}  // namespace settle
