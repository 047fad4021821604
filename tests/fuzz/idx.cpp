// Any bytes: an idx array, plain or gzip-compressed, or refused as bad data.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "graph/error.hpp"
#include "sim/datasets/idx_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const settle::IdxArray array = settle::parse_idx(std::as_bytes(std::span(data, size)), "fuzz");
    std::uint64_t count = 1;
    for (const std::int64_t extent : array.shape) count *= static_cast<std::uint64_t>(extent);
    if (count != array.values.size()) std::abort();
  } catch (const settle::BadData&) {
  }
  return 0;
}
