// Any bytes: records of CIFAR-10 or CIFAR-100, or refused as bad data.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "graph/error.hpp"
#include "sim/datasets/cifar_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<settle::CifarLabel> kinds[] = {{{"label", 10}}, {{"coarse label", 20}, {"fine label", 100}}};
  for (const std::vector<settle::CifarLabel>& labels : kinds) {
    settle::CifarRecords records;
    try {
      settle::append_cifar(std::as_bytes(std::span(data, size)), "fuzz", labels, labels.size() - 1, records);
      if (records.labels.size() * (settle::kCifarPixels + labels.size()) != size) std::abort();
      if (records.labels.size() * settle::kCifarPixels != records.pixels.size()) std::abort();
      for (const std::int64_t label : records.labels)
        if (label < 0 || label >= labels.back().classes) std::abort();
    } catch (const settle::BadData&) {
    }
  }
  return 0;
}
