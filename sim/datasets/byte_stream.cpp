#include "sim/datasets/byte_stream.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::uint64_t kMaxInflation = 1032;           // bytes that one deflated byte can yield
constexpr int kGzipWindow = 15 + 16;                    // zlib: expect a gzip header, check its CRC
constexpr std::size_t kMaxStep = std::size_t{1} << 30;  // zlib counts in 32 bits

}  // namespace

ByteStream::ByteStream(std::span<const std::byte> file, const std::string& name) : name_(name), file_(file) {
  compressed_ = file.size() >= 2 && file[0] == std::byte{0x1f} && file[1] == std::byte{0x8b};
  if (compressed_ && inflateInit2(&inflater_, kGzipWindow) != Z_OK) throw InternalFault("zlib cannot be started");
}

ByteStream::~ByteStream() {
  if (compressed_) inflateEnd(&inflater_);
}

std::uint64_t ByteStream::upper_bound() const noexcept {
  return compressed_ ? std::uint64_t{file_.size()} * kMaxInflation : std::uint64_t{file_.size()};
}

std::size_t ByteStream::read(std::span<std::byte> out) {
  if (compressed_) return inflate_into(out);
  const std::size_t count = std::min(out.size(), file_.size() - taken_);
  if (count > 0) std::memcpy(out.data(), file_.data() + taken_, count);
  taken_ += count;
  return count;
}

std::size_t ByteStream::inflate_into(std::span<std::byte> out) {
  std::size_t filled = 0;
  while (filled < out.size() && !ended_) {
    if (inflater_.avail_in == 0 && taken_ < file_.size()) {
      const std::size_t count = std::min(kMaxStep, file_.size() - taken_);
      // zlib's type is not const-correct; it does not write there.
      inflater_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(file_.data() + taken_));
      inflater_.avail_in = static_cast<uInt>(count);
      taken_ += count;
    }
    const std::size_t room = std::min(kMaxStep, out.size() - filled);
    inflater_.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    inflater_.avail_out = static_cast<uInt>(room);
    const int outcome = inflate(&inflater_, Z_NO_FLUSH);
    filled += room - inflater_.avail_out;
    if (outcome == Z_STREAM_END) {
      ended_ = !start_next_member();
    } else if (outcome == Z_BUF_ERROR && inflater_.avail_in == 0) {
      throw BadData(name_ + ": the gzip file is cut off; fetch it again");
    } else if (outcome != Z_OK) {
      throw BadData(name_ + ": the gzip file is damaged (" + (inflater_.msg ? inflater_.msg : "no detail") +
                    "); fetch it again");
    }
  }
  return filled;
}

bool ByteStream::start_next_member() {
  if (inflater_.avail_in == 0 && taken_ == file_.size()) return false;
  inflateReset(&inflater_);
  return true;
}

}  // namespace settle
