#include "graph/eigen.hpp"
#include "graph/energies/kernels.hpp"
#include "graph/energies/list.hpp"
#include "graph/ops/cases.hpp"

namespace settle {
namespace {

class Gaussian final : public EnergyKernels<Gaussian> {
 public:
  std::string_view name() const override { return "gaussian"; }
  bool relaxable() const override { return true; }
  bool needs_class_axis() const override { return false; }
  std::string standard_prediction(StandardWriter&, const std::string& location) const override { return location; }
  bool prediction_is_location() const override { return true; }

  template <class Scalar>
  void prediction(ConstView<Scalar> location, View<Scalar> result) const {
    array(result) = array(location);
  }

  template <class Scalar>
  void error(ConstView<Scalar> value, ConstView<Scalar> prediction, const Precision<Scalar>& precision,
             View<Scalar> xi) const {
    const auto error = array(value) - array(prediction);
    if (precision.elementwise())
      array(xi) = array(precision.each) * error;
    else if (precision.uniform == 1)
      array(xi) = error;
    else
      array(xi) = static_cast<Scalar>(precision.uniform) * error;
  }

  template <class Scalar>
  double sum(ConstView<Scalar> value, ConstView<Scalar> location, const Precision<Scalar>& precision) const {
    const auto squares = [&](std::int64_t start, std::int64_t length) {
      return (array(value).segment(start, length) - array(location).segment(start, length)).square();
    };
    if (!precision.elementwise())
      return 0.5 * precision.uniform * sum_in_blocks(value.size(), [&](std::int64_t start, std::int64_t length) {
               return squares(start, length).sum();
             });
    return log_term(precision) + 0.5 * sum_in_blocks(value.size(), [&](std::int64_t start, std::int64_t length) {
                                   return (array(precision.each).segment(start, length) * squares(start, length)).sum();
                                 });
  }

  // 1/2 p (xi / p)^2
  template <class Scalar>
  double sum_of_error(ConstView<Scalar> xi, const Precision<Scalar>& precision) const {
    const auto squares = [&](std::int64_t start, std::int64_t length) {
      return array(xi).segment(start, length).square();
    };
    if (!precision.elementwise())
      return 0.5 / precision.uniform * sum_in_blocks(size_of(xi), [&](std::int64_t start, std::int64_t length) {
               return squares(start, length).sum();
             });
    return log_term(precision) + 0.5 * sum_in_blocks(size_of(xi), [&](std::int64_t start, std::int64_t length) {
                                   return (squares(start, length) / array(precision.each).segment(start, length)).sum();
                                 });
  }

  // 1/2 (1/p - (xi / p)^2)
  template <class Scalar>
  void volatility(ConstView<Scalar> xi, const Precision<Scalar>& precision, View<Scalar> zeta) const {
    const auto p = array(precision.each);
    if (xi.data)
      array(zeta) = Scalar(0.5) / p * (1 - array(xi).square() / p);
    else
      array(zeta) = Scalar(0.5) / p;
  }

 private:
  template <class Scalar>
  static std::int64_t size_of(ConstView<Scalar> xi) {
    return xi.data ? xi.size() : 0;
  }

  // - 1/2 sum log p, where p is learned or predicted.
  template <class Scalar>
  static double log_term(const Precision<Scalar>& precision) {
    if (!precision.inferred) return 0;
    return -0.5 * sum_in_blocks(precision.each.size(), [&](std::int64_t start, std::int64_t length) {
      return array(precision.each).segment(start, length).log().sum();
    });
  }
};

}  // namespace

EnergyPtr gaussian() {
  static const EnergyPtr instance = std::make_shared<const Gaussian>();
  return instance;
}

EnergyFamily gaussian_family() {
  const Shape shape{3, 5};
  const Tensor<double> v = case_values("gaussian value", shape), z = case_values("gaussian location", shape);
  const Tensor<double> p = case_values("gaussian precision", shape, 0.3, 3);
  return {gaussian(),
          {{"gaussian", v, z},
           {"gaussian, precision 2.5", v, z, 2.5},
           {"gaussian, fixed precisions", v, z, 1, p},
           {"gaussian, inferred precisions", v, z, 1, p, true}}};
}

}  // namespace settle
