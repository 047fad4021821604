#include "sim/datasets/file_list.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/name_pattern.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    names.push_back(entry.path().filename().string());
  if (error) throw MissingInput(folder.string() + ": " + error.message() + "; data.path is the folder with the files");
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::vector<std::filesystem::path> listed_files(const std::filesystem::path& folder, std::string_view list,
                                                const std::string& key) {
  const std::vector<std::string> there = names_in(folder);
  std::vector<std::filesystem::path> files;
  for (const std::string_view pattern : split(list, ',')) {
    bool found = false;
    for (const std::string& name : there) {
      if (!matches(pattern, name)) continue;
      found = true;
      if (std::ranges::find(files, folder / name) == files.end()) files.push_back(folder / name);
    }
    if (!found)
      throw MissingInput(folder.string() + ": holds no file '" + std::string(pattern) +
                         "'; put it there, or say which ones to read: " + key + " = NAME, PATTERN*");
  }
  return files;
}

}  // namespace settle
