#include "graph/eigen.hpp"
#include "graph/energies/kernels.hpp"

namespace settle {
namespace {

class Gaussian final : public EnergyKernels<Gaussian> {
 public:
  std::string_view name() const override { return "gaussian"; }
  bool relaxable() const override { return true; }
  bool needs_class_axis() const override { return false; }
  bool prediction_is_location() const override { return true; }

  template <class Scalar>
  void prediction(ConstView<Scalar> location, View<Scalar> result) const {
    array(result) = array(location);
  }

  template <class Scalar>
  void error(ConstView<Scalar> value, ConstView<Scalar> prediction, double precision, View<Scalar> xi) const {
    if (precision == 1)
      array(xi) = array(value) - array(prediction);
    else
      array(xi) = static_cast<Scalar>(precision) * (array(value) - array(prediction));
  }

  template <class Scalar>
  double sum(ConstView<Scalar> value, ConstView<Scalar> location, double precision) const {
    return 0.5 * precision * sum_in_blocks(value.size(), [&](std::int64_t start, std::int64_t length) {
             return (array(value).segment(start, length) - array(location).segment(start, length)).square().sum();
           });
  }
};

}  // namespace

EnergyPtr gaussian() {
  static const EnergyPtr instance = std::make_shared<const Gaussian>();
  return instance;
}

}  // namespace settle
