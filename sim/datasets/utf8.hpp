// Purpose: text as characters (Unicode code points). Callers: the datasets of text, and what prints their characters.
// Thread rule: pure. Source: RFC 3629.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace settle {

// Errors: BadData naming the file and the byte that is no UTF-8 (overlong forms and surrogates are none).
std::u32string decode_utf8(std::span<const std::byte> file, const std::string& name);
// Requires: code points, as decode_utf8 gives them.
std::string encode_utf8(std::u32string_view characters);

}  // namespace settle
