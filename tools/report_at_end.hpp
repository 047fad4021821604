// Purpose: the report that a run or a study leaves when it is complete. One that cannot be made takes nothing from what
// has succeeded: it is a warning. Callers: the commands `run` and `study`. Thread rule: the main thread.
#pragma once

#include <filesystem>

namespace settle {

void report_at_end(const std::filesystem::path& directory);

}  // namespace settle
