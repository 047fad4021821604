// Purpose: reads the little-endian float32 and float64 arrays of tests/data. Errors: std::runtime_error naming the
// file. Thread rule: pure.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace settle::test {

struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<double> values;  // C order
};

inline NpyArray read_npy(const std::string& path) {
  const auto fail = [&](const char* what) { throw std::runtime_error(path + ": " + what); };
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.size() < 10 || bytes.compare(0, 6, "\x93NUMPY") != 0 || bytes[6] != 1) fail("no npy file of version 1");
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])); };
  const std::size_t length = byte(8) + 256 * byte(9);
  const std::string header = bytes.substr(10, length);
  if (header.find("'fortran_order': False") == std::string::npos) fail("not in C order");
  NpyArray array;
  std::size_t count = 1;
  const std::size_t open = header.find('(');
  std::string extents = header.substr(open + 1, header.find(')') - open - 1);
  for (std::size_t at = 0; at < extents.size();) {
    std::size_t used = 0;
    array.shape.push_back(std::stoll(extents.substr(at), &used));
    count *= static_cast<std::size_t>(array.shape.back());
    at += used;
    while (at < extents.size() && (extents[at] == ',' || extents[at] == ' ')) ++at;
  }
  const auto decode = [&](auto zero) {
    if (bytes.size() != 10 + length + count * sizeof(zero)) fail("of another length than its header says");
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(&zero, bytes.data() + 10 + length + i * sizeof(zero), sizeof(zero));
      array.values.push_back(static_cast<double>(zero));
    }
  };
  if (header.find("'<f8'") != std::string::npos)
    decode(double{});
  else if (header.find("'<f4'") != std::string::npos)
    decode(float{});
  else
    fail("neither float32 nor float64");
  return array;
}

}  // namespace settle::test
