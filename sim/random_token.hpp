// Purpose: what nobody can guess: who says it was told. Thread rule: any thread.
#pragma once

#include <string>

namespace settle {

// 128 bits as 32 hexadecimal digits.
std::string random_token();

}  // namespace settle
