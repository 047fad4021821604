#include "sim/virtual/distributions/list.hpp"

namespace settle {

std::span<const DistributionKind> distribution_kinds() {
  static constexpr DistributionKind kKinds[] = {
      {"constant", "value", 1, make_constant},
      {"uniform", "least, most", 2, make_uniform},
      {"exponential", "mean", 1, make_exponential},
      {"lognormal", "median, sigma", 2, make_lognormal},
  };
  return kKinds;
}

}  // namespace settle
