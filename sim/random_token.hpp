// Purpose: what nobody can guess: who says it was told. Thread rule: any thread.
#pragma once

#include <cstddef>
#include <string>

namespace settle {

inline constexpr std::size_t kTokenDigits = 32;

// 128 bits as hexadecimal digits.
std::string random_token();

}  // namespace settle
