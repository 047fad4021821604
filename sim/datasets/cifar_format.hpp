// Purpose: the binary files of CIFAR: records without a header, each its labels (CIFAR-10 one byte, CIFAR-100 a coarse
// and a fine one) and 3 x 32 x 32 bytes, planes red, green, blue, rows from the top.
// Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009, and the data sets' page.
// Callers: the cifar datasets, the fuzz target. Thread rule: a free function.
// Errors: BadData naming the file and the byte: no record, a record that is cut off, a label that no class has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace settle {

inline constexpr std::size_t kCifarPixels = 3 * 32 * 32;

// What stands before the pixels of a record, a byte each.
struct CifarLabel {
  std::string name;       // in messages
  std::uint32_t classes;  // 0 .. classes - 1
};

struct CifarRecords {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int64_t> labels;
};

// Appends the records of one file; of its labels the one at `label` among `kinds`.
void append_cifar(std::span<const std::byte> file, const std::string& name, std::span<const CifarLabel> kinds,
                  std::size_t label, CifarRecords& records);

}  // namespace settle
