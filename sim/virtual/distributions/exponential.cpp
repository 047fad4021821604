#include <cmath>

#include "sim/virtual/distributions/list.hpp"

namespace settle {
namespace {

class Exponential final : public Distribution {
 public:
  explicit Exponential(double mean) : mean_(mean) {}
  double draw(RandomStream& random) const override { return -mean_ * std::log1p(-random.uniform()); }

 private:
  double mean_;
};

}  // namespace

DistributionPtr make_exponential(std::span<const double> parameters) {
  return parameters[0] > 0 ? std::make_shared<Exponential>(parameters[0]) : nullptr;
}

}  // namespace settle
