#include "graph/eigen.hpp"
#include "graph/energies/kernels.hpp"
#include "graph/energies/list.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

class Bernoulli final : public EnergyKernels<Bernoulli> {
 public:
  std::string_view name() const override { return "bernoulli"; }
  bool relaxable() const override { return false; }
  bool needs_class_axis() const override { return false; }
  std::string standard_prediction(StandardWriter& writer, const std::string& location) const override {
    return writer.node("Sigmoid", {location});
  }
  bool prediction_is_location() const override { return false; }

  template <class Scalar>
  void prediction(ConstView<Scalar> location, View<Scalar> result) const {
    array(result) = sigmoid(array(location));
  }

  template <class Scalar>
  void error(ConstView<Scalar> value, ConstView<Scalar> prediction, const Precision<Scalar>&, View<Scalar> xi) const {
    array(xi) = array(value) - array(prediction);
  }

  // softplus(z) - v z = max(z, 0) - v z + log(1 + exp(-|z|)): no exponential overflows, and a logit that is certain of
  // what happens costs nothing.
  template <class Scalar>
  double sum(ConstView<Scalar> value, ConstView<Scalar> location, const Precision<Scalar>&) const {
    return sum_in_blocks(value.size(), [&](std::int64_t start, std::int64_t length) {
      const auto v = array(value).segment(start, length);
      const auto z = array(location).segment(start, length);
      return (z.max(Scalar(0)) - v * z + (-z.abs()).exp().log1p()).sum();
    });
  }
};

}  // namespace

EnergyPtr bernoulli() {
  static const EnergyPtr instance = std::make_shared<const Bernoulli>();
  return instance;
}

EnergyFamily bernoulli_family() {
  return {bernoulli(),
          {{"bernoulli", case_values("bernoulli value", {3, 5}, 0, 1), case_values("bernoulli location", {3, 5})}}};
}

}  // namespace settle
