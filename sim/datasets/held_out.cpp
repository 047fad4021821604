#include "sim/datasets/held_out.hpp"

#include <cmath>

#include "graph/error.hpp"

namespace settle {

std::uint32_t held_out(double wanted, std::uint32_t size, const std::string& key) {
  const double count = wanted < 1 ? std::floor(wanted * size) : wanted;
  if (count >= size)
    throw BadConfig(key + ": " + std::to_string(static_cast<std::uint64_t>(count)) + " samples of " +
                    std::to_string(size) + " leave none to train on; give fewer, or a fraction below 1");
  return static_cast<std::uint32_t>(count);
}

}  // namespace settle
