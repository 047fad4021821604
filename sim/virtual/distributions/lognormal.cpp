#include <cmath>

#include "sim/virtual/distributions/list.hpp"

namespace settle {
namespace {

// exp(N(log median, sigma^2)): the long tail of a busy network.
class Lognormal final : public Distribution {
 public:
  Lognormal(double median, double sigma) : median_(median), sigma_(sigma) {}
  double draw(RandomStream& random) const override { return median_ * std::exp(sigma_ * random.normal()); }

 private:
  double median_;
  double sigma_;
};

}  // namespace

DistributionPtr make_lognormal(std::span<const double> parameters) {
  return parameters[0] > 0 && parameters[1] >= 0 && parameters[1] <= 20
             ? std::make_shared<Lognormal>(parameters[0], parameters[1])
             : nullptr;
}

}  // namespace settle
