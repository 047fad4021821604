// Purpose: a whole file in memory. Thread rule: free functions, any thread.
// Errors: MissingInput naming the file, the cause and `remedy` (where given) for a file that is not there or cannot be
// opened; BadData for one that cannot be read to its end or is longer than `limit` bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "actors/descriptor.hpp"

namespace settle {

inline constexpr std::uint64_t kNoLimit = UINT64_MAX;

std::vector<std::byte> read_file(const std::filesystem::path& path, const std::string& remedy = "",
                                 std::uint64_t limit = kNoLimit);
std::string read_text(const std::filesystem::path& path, const std::string& remedy = "",
                      std::uint64_t limit = kNoLimit);
// What is open already; `path` is its name in messages.
std::string read_text(const Descriptor& file, const std::filesystem::path& path, std::uint64_t limit = kNoLimit);

}  // namespace settle
