// Purpose: what no single key can know: keys that need or exclude one another. Caller: load.cpp.
// Thread rule: a free function.
#pragma once

#include "sim/config/mistakes.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

void check_together(const RunConfig& config, ConfigMistakes& mistakes);

}  // namespace settle
