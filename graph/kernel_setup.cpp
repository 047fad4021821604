#include "graph/kernel_setup.hpp"

#include <Eigen/Core>

namespace settle {

void fix_product_blocking() {
  // A first-level, a private and a shared cache that any machine of today has.
  [[maybe_unused]] static const bool done = [] {
    Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 4 << 20);
    return true;
  }();
}

}  // namespace settle
