#include <cmath>

#include "graph/eigen.hpp"
#include "graph/energies/kernels.hpp"
#include "graph/energies/list.hpp"
#include "graph/ops/cases.hpp"

namespace settle {
namespace {

// The last axis is the classes, every other axis is rows.
std::int64_t rows_of(const Shape& shape) {
  const std::int64_t classes = shape.rank() == 0 ? 1 : shape[shape.rank() - 1];
  return classes == 0 ? 0 : shape.size() / classes;
}

class Categorical final : public EnergyKernels<Categorical> {
 public:
  std::string_view name() const override { return "categorical"; }
  bool relaxable() const override { return false; }
  bool needs_class_axis() const override { return true; }
  std::string standard_prediction(StandardWriter& writer, const std::string& location) const override {
    return writer.node("Softmax", {location}, {{"axis", std::int64_t{-1}}});
  }
  bool prediction_is_location() const override { return false; }

  // The exponentials of all rows are taken in one sweep: a row of few classes would not fill a packet.
  template <class Scalar>
  void prediction(ConstView<Scalar> location, View<Scalar> result) const {
    const std::int64_t rows = rows_of(location.shape);
    const auto z = matrix(location, rows);
    auto p = matrix(result, rows);
    for (std::int64_t r = 0; r < rows; ++r) p.row(r).array() = z.row(r).array() - z.row(r).maxCoeff();
    array(result) = array(result).exp();
    for (std::int64_t r = 0; r < rows; ++r) p.row(r) /= p.row(r).sum();
  }

  template <class Scalar>
  void error(ConstView<Scalar> value, ConstView<Scalar> prediction, const Precision<Scalar>&, View<Scalar> xi) const {
    array(xi) = array(value) - array(prediction);
  }

  template <class Scalar>
  double sum(ConstView<Scalar> value, ConstView<Scalar> location, const Precision<Scalar>&) const {
    const std::int64_t rows = rows_of(location.shape);
    const auto v = matrix(value, rows);
    const auto z = matrix(location, rows);
    double total = 0;
    for (std::int64_t r = 0; r < rows; ++r) {
      const Scalar largest = z.row(r).maxCoeff();
      const double log_sum = std::log(static_cast<double>((z.row(r).array() - largest).exp().sum()));
      for (std::int64_t c = 0; c < z.cols(); ++c) {
        const auto mass = static_cast<double>(v(r, c));
        // Where there is no mass, not even a logit of minus infinity costs anything: 0 log 0 = 0.
        if (mass != 0) total += mass * (log_sum - (static_cast<double>(z(r, c)) - static_cast<double>(largest)));
      }
    }
    return total;
  }
};

}  // namespace

EnergyPtr categorical() {
  static const EnergyPtr instance = std::make_shared<const Categorical>();
  return instance;
}

EnergyFamily categorical_family() {
  // Any distribution over the classes, not a single class only.
  Tensor<double> v = case_values("categorical value", {3, 5}, 0, 1);
  auto rows = matrix(v.view(), 3);
  for (std::int64_t r = 0; r < rows.rows(); ++r) rows.row(r) /= rows.row(r).sum();
  return {categorical(), {{"categorical", v, case_values("categorical location", {3, 5})}}};
}

}  // namespace settle
