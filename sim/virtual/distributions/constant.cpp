#include "sim/virtual/distributions/list.hpp"

namespace settle {
namespace {

class Constant final : public Distribution {
 public:
  explicit Constant(double value) : value_(value) {}
  double draw(RandomStream&) const override { return value_; }
  bool constant() const noexcept override { return true; }

 private:
  double value_;
};

}  // namespace

DistributionPtr constant_number(double value) { return std::make_shared<Constant>(value); }

DistributionPtr make_constant(std::span<const double> parameters) {
  return parameters[0] > 0 ? constant_number(parameters[0]) : nullptr;
}

}  // namespace settle
