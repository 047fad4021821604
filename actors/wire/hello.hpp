// Purpose: what each side says of itself before anything else: the two must be parts of one run, of one build, on
// machines whose numbers have the same bits. Thread rule: a value type.
#pragma once

#include <bit>

#include "actors/placement.hpp"
#include "actors/wire/bytes.hpp"

namespace settle {

struct Hello {
  HostId rank = 0;
  std::string run;              // its token: known to the hosts of one run only
  std::string build;            // what the program was made from
  std::string instruction_set;  // that it was compiled for
  std::string graph;            // hash of the model
  std::string scalar;           // "float32" or "float64"
  std::string byte_order = std::endian::native == std::endian::little ? "little-endian" : "big-endian";
  std::uint64_t window = std::uint64_t{8} << 20;  // bytes that the other side may send ahead: credit.hpp
};

void append_hello(Bytes& out, const Hello& hello);
// Errors: BadData.
Hello read_hello(std::span<const char> content);

// Why these two do not belong together, naming what each says; empty where they do. `allow_mixed`: builds and
// instruction sets may differ, and with them the last bits of results.
std::string mismatch(const Hello& mine, const Hello& theirs, bool allow_mixed);

}  // namespace settle
