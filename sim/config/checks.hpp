// Purpose: what no single key can know: keys that need or exclude one another. Caller: load.cpp.
// Thread rule: a free function.
#pragma once

#include "sim/config/mistakes.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

// `needs_data`: data.dataset has to be given.
void check_together(const RunConfig& config, bool needs_data, ConfigMistakes& mistakes);

}  // namespace settle
