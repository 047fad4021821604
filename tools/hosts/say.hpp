// Purpose: what a host of a run says: on its stderr and, from when it keeps one, in its log. Thread rule: any thread.
#pragma once

#include <filesystem>
#include <string>

#include "actors/placement.hpp"

namespace settle {

// One line.
void say(const std::string& text);

// RUN_DIRECTORY/logs/host-RANK.log.
std::filesystem::path host_log(const std::filesystem::path& run_directory, HostId rank);

// From now on this process adds what it says there. One that cannot be written is said once.
void keep_log(const std::filesystem::path& run_directory, HostId rank);
// A line, its end included, that stands on stderr already.
void add_to_log(const std::string& line);

}  // namespace settle
