// Purpose: how many processor cores this process may use. Callers: configs, studies. Thread rule: any thread.
#pragma once

#include <cstdint>

namespace settle {

// At least 1.
std::uint32_t allowed_cores();

}  // namespace settle
