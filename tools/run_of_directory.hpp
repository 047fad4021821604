// Purpose: the config of a run, from the manifest in its directory. Callers: commands that take a RUN_DIR.
// Thread rule: pure. Errors: MissingInput where it is no run's directory; those of configs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/config/run_config.hpp"

namespace settle {

// `settings`: "--section.key=value", which win over the manifest.
RunConfig config_of_run(const std::filesystem::path& directory, const std::vector<std::string>& settings);

}  // namespace settle
