#include "actors/wire/hello.hpp"

namespace settle {
namespace {

struct Field {
  std::string_view name;
  std::string Hello::*text;
  bool may_mix = false;
  bool secret = false;
};

constexpr Field kFields[] = {
    {"run token", &Hello::run, false, true},
    {"build", &Hello::build, true},
    {"instruction set", &Hello::instruction_set, true},
    {"graph", &Hello::graph},
    {"scalar", &Hello::scalar},
    {"byte order", &Hello::byte_order},
};

// In a time that does not tell how far they agree.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

void append_hello(Bytes& out, const Hello& hello) {
  ByteWriter write(out);
  write.number(hello.rank);
  write.number(hello.window);
  for (const Field& field : kFields) write.text(hello.*field.text);
}

Hello read_hello(std::span<const char> content) {
  ByteReader read(content);
  Hello hello;
  hello.rank = read.number<HostId>();
  hello.window = read.number<std::uint64_t>();
  for (const Field& field : kFields) hello.*field.text = read.text();
  read.end();
  return hello;
}

std::string mismatch(const Hello& mine, const Hello& theirs, bool allow_mixed) {
  if (mine.rank == theirs.rank) return "both are host " + std::to_string(mine.rank);
  const std::string other = "host " + std::to_string(theirs.rank);
  const std::string self = "host " + std::to_string(mine.rank);
  for (const Field& field : kFields) {
    const std::string& my = mine.*field.text;
    const std::string& their = theirs.*field.text;
    if (same(my, their) || (field.may_mix && allow_mixed)) continue;
    if (field.secret) return "the " + std::string(field.name) + " of " + other + " is not that of " + self;
    return "the " + std::string(field.name) + " of " + other + " is '" + their + "', of " + self + " '" + my + "'";
  }
  return {};
}

}  // namespace settle
