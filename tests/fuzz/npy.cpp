// Any bytes: an npy array that converts to tensors and integers, or refused as bad data.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "graph/error.hpp"
#include "sim/npy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const settle::NpyArray array = settle::parse_npy(std::as_bytes(std::span(data, size)), "fuzz");
    if (array.bytes.size() > size) std::abort();
    if (array.is_integer()) static_cast<void>(array.integers());
    if (array.to<float>().size() != array.to<double>().size()) std::abort();
  } catch (const settle::BadData&) {
  }
  return 0;
}
