#include "actors/wire/bytes.hpp"

namespace settle {

void append(Bytes& out, std::span<const char> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace settle
