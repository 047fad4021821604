#include "sim/allowed_cores.hpp"

#include <sched.h>

#include <algorithm>

namespace settle {

std::uint32_t allowed_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&cores)));
}

}  // namespace settle
