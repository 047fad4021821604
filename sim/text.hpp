// Purpose: the pieces of what [network] keys say. Thread rule: pure; results view the text they are given.
#pragma once

#include <string_view>
#include <vector>

namespace settle {

std::string_view trimmed(std::string_view text);

// The parts between separators that stand outside of parentheses, trimmed. Nothing has one part, which is empty.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace settle
