// Purpose: the version of CAF this was compiled against, for who may not include CAF. Thread rule: pure.
#pragma once

#include <string>

namespace settle {

std::string caf_version();

}  // namespace settle
