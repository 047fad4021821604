// Purpose: numpy files of integers, as tests write them. Caller: tests. Thread rule: free functions.
#pragma once

#include <filesystem>
#include <string>

#include "tests/sim/scratch.hpp"

namespace settle {

// numpy's file of 8-bit or 32-bit integers along one axis, or of 8-bit rows of two.
inline void put_integers(const std::filesystem::path& path, const std::string& type, const std::string& shape,
                         const std::string& payload) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  put(path, std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(text.size()) + '\0' + text + payload);
}

}  // namespace settle
