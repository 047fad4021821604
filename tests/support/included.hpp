// Purpose: models of several files, in memory and on disk. Thread rule: values.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

namespace settle::test {

// Texts by path.
using Files = std::map<std::string, std::string>;

inline IncludeReader files_of(Files files) {
  return [files = std::move(files)](const std::string& including, const std::string& path) {
    const auto file = (std::filesystem::path(including).parent_path() / path).lexically_normal().string();
    const auto found = files.find(file);
    if (found == files.end()) throw MissingInput(file + ": there is no such file");
    return IncludedText{file, found->second};
  };
}

// A folder with these files, removed at the end.
class ScratchModels {
 public:
  explicit ScratchModels(const Files& files) {
    static int number = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("settle_models_" + std::to_string(getpid()) + "_" + std::to_string(number++));
    for (const auto& [name, text] : files) {
      std::filesystem::create_directories(path(name).parent_path());
      std::ofstream(path(name)) << text;
    }
  }
  ~ScratchModels() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ScratchModels(const ScratchModels&) = delete;
  ScratchModels& operator=(const ScratchModels&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

}  // namespace settle::test
