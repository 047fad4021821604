#include "sim/datasets/idx_format.hpp"

#include <array>

#include "graph/error.hpp"
#include "sim/datasets/byte_stream.hpp"

namespace settle {
namespace {

constexpr unsigned kUnsignedByte = 0x08;
constexpr std::size_t kMaxRank = 8;

using Word = std::array<std::byte, 4>;

Word read_word(ByteStream& stream, const std::string& name) {
  Word word{};
  if (stream.read(word) != word.size()) throw BadData(name + ": cut off in its idx header");
  return word;
}

unsigned number(std::byte byte) { return std::to_integer<unsigned>(byte); }

// The number of axes.
std::size_t read_magic(ByteStream& stream, const std::string& name) {
  const Word magic = read_word(stream, name);
  if (magic[0] != std::byte{0} || magic[1] != std::byte{0})
    throw BadData(name + ": no idx file (wrong magic number: it must start with two zero bytes)");
  if (number(magic[2]) != kUnsignedByte)
    throw BadData(name + ": wrong magic number: element type " + std::to_string(number(magic[2])) +
                  ", only unsigned bytes (8) are read");
  const std::size_t rank = number(magic[3]);
  if (rank == 0 || rank > kMaxRank)
    throw BadData(name + ": wrong magic number: " + std::to_string(rank) + " axes, from 1 to 8 are read");
  return rank;
}

}  // namespace

IdxArray parse_idx(std::span<const std::byte> file, const std::string& name) {
  ByteStream stream(file, name);
  IdxArray array;
  std::uint64_t count = 1;
  bool fits = true;
  for (std::size_t axis = read_magic(stream, name); axis > 0; --axis) {
    const Word word = read_word(stream, name);
    const std::uint64_t extent = number(word[0]) << 24 | number(word[1]) << 16 | number(word[2]) << 8 | number(word[3]);
    fits = fits && !__builtin_mul_overflow(count, extent, &count);
    array.shape.push_back(static_cast<std::int64_t>(extent));
  }
  const std::uint64_t possible = stream.upper_bound();
  if (!fits || count > possible)
    throw BadData(name + ": its extents ask for " + (fits ? std::to_string(count) : "more than 2^64") +
                  " bytes, the file cannot hold more than " + std::to_string(possible) + " (cut off?)");
  array.values.resize(static_cast<std::size_t>(count));
  const std::size_t there = stream.read(std::as_writable_bytes(std::span(array.values)));
  if (there != count)
    throw BadData(name + ": cut off: its extents ask for " + std::to_string(count) + " bytes, " +
                  std::to_string(there) + " are there");
  std::array<std::byte, 1> beyond{};
  if (stream.read(beyond) != 0) throw BadData(name + ": bytes are left over after the last element");
  return array;
}

}  // namespace settle
