// Purpose: the files of a folder that a config names: names and patterns (* and ?), divided by commas, in that order,
// those of a pattern by name. Caller: the datasets that take any number of files. Thread rule: a free function.
// Errors: MissingInput naming the key, what it says and the folder, where a name or a pattern has no file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

// `key` is where the list stands. A file that is named twice comes once.
std::vector<std::filesystem::path> listed_files(const std::filesystem::path& folder, std::string_view list,
                                                const std::string& key);

}  // namespace settle
