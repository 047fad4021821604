// Purpose: real data beside the checkout, for the tests that read it where it is there. Thread rule: one user.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace settle {

// A file or folder of ../shared/data; says so where it is missing.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
  const auto path = std::filesystem::path(SETTLE_SOURCE_DIR) / "../shared/data" / name;
  if (std::filesystem::exists(path)) return path;
  MESSAGE("skipped: " << path.string() << " is not there");
  return std::nullopt;
}

}  // namespace settle
