#include "sim/virtual/distributions/list.hpp"

namespace settle {
namespace {

class Uniform final : public Distribution {
 public:
  Uniform(double least, double most) : least_(least), width_(most - least) {}
  double draw(RandomStream& random) const override { return least_ + width_ * random.uniform(); }

 private:
  double least_;
  double width_;
};

}  // namespace

DistributionPtr make_uniform(std::span<const double> parameters) {
  const double least = parameters[0];
  const double most = parameters[1];
  return least > 0 && most >= least ? std::make_shared<Uniform>(least, most) : nullptr;
}

}  // namespace settle
