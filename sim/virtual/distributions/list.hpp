// Purpose: the kinds of distributions: one file and one line in list.cpp each. Thread rule: immutable.
#pragma once

#include "sim/virtual/distribution.hpp"

namespace settle {

DistributionPtr make_constant(std::span<const double> parameters);
DistributionPtr make_uniform(std::span<const double> parameters);
DistributionPtr make_exponential(std::span<const double> parameters);
DistributionPtr make_lognormal(std::span<const double> parameters);

}  // namespace settle
