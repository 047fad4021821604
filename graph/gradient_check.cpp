#include "graph/gradient_check.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <sstream>

#include "graph/random.hpp"

namespace settle {
namespace {

// Stays within the distance from a kink that GradientCase asks for.
constexpr double kStep = 5e-4;

std::vector<ConstView<double>> views(const std::vector<Tensor<double>>& tensors) {
  std::vector<ConstView<double>> result;
  for (const auto& tensor : tensors) result.push_back(tensor.view());
  return result;
}

std::vector<Tensor<float>> rounded(const std::vector<Tensor<double>>& tensors) {
  std::vector<Tensor<float>> result;
  for (const auto& tensor : tensors) {
    result.emplace_back();
    if (tensor.size() > 0) result.back().resize(tensor.shape());
    std::ranges::transform(tensor.flat(), result.back().data(), [](double x) { return static_cast<float>(x); });
  }
  return result;
}

// One evaluation of a case in either precision: the output, and adjoints on demand.
template <class Scalar>
class Evaluation {
 public:
  Evaluation(const Op& op, const std::vector<Tensor<Scalar>>& inputs) : op_(&op) {
    std::vector<Shape> shapes;
    for (const auto& tensor : inputs) {
      inputs_.push_back(tensor.view());
      shapes.push_back(tensor.shape());
    }
    output_ = Tensor<Scalar>(op.infer(shapes));
    op.forward(std::span<const ConstView<Scalar>>(inputs_), output_.view());
  }

  const Tensor<Scalar>& output() const { return output_; }

  // result = or += the adjoint of input k for the root.
  void adjoint(const Tensor<Scalar>& root, std::size_t k, Tensor<Scalar>& result, bool accumulate) const {
    op_->backward(Backward<Scalar>{inputs_, output_.view(), root.view(), k, result.view(), accumulate});
  }

 private:
  const Op* op_;
  std::vector<ConstView<Scalar>> inputs_;
  Tensor<Scalar> output_;
};

Tensor<double> random_tensor(const std::string& name, const Shape& shape) {
  Tensor<double> tensor(shape);
  RandomStream stream(0, name, "gradient check");
  for (double& x : tensor.flat()) x = stream.normal();
  return tensor;
}

// dL/dx by central differences at two steps, extrapolated to step 0.
double derivative(const std::function<double()>& loss, double& x) {
  const double centre = x;
  const auto difference = [&](double step) {
    x = centre + step;
    const double above = loss();
    x = centre - step;
    const double below = loss();
    x = centre;
    return (above - below) / (2 * step);
  };
  return (4 * difference(kStep / 2) - difference(kStep)) / 3;
}

GradientError compare(const std::string& what, std::span<const double> tested, std::span<const double> expected) {
  double scale = 0;
  for (const double x : expected) scale = std::max(scale, std::abs(x));
  GradientError error;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double distance = std::abs(tested[i] - expected[i]) / (scale > 0 ? scale : 1);
    const double counted = std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
    if (counted <= error.worst) continue;
    std::ostringstream where;
    where << what << ", element " << i << ": " << tested[i] << ", expected " << expected[i];
    error = {counted, where.str()};
  }
  return error;
}

template <class Scalar>
Precision<Scalar> precision_of(const EnergyCase& energy_case, const Tensor<Scalar>& precisions) {
  if (precisions.size() == 0) return {.uniform = energy_case.precision};
  return {.each = precisions.view(), .inferred = energy_case.inferred};
}

// All that an energy says at one point, in either precision.
template <class Scalar>
struct EnergyErrors {
  EnergyErrors(const Energy& of, const Tensor<Scalar>& value, const Tensor<Scalar>& location,
               const Tensor<Scalar>& precisions, const EnergyCase& energy_case)
      : xi(value.shape()) {
    const Precision<Scalar> precision = precision_of(energy_case, precisions);
    Tensor<Scalar> prediction(location.shape());
    of.predict(location.view(), prediction.view());
    of.weighted_error(value.view(), std::as_const(prediction).view(), precision, xi.view());
    energy = of.energy(value.view(), location.view(), precision);
    if (!of.relaxable()) return;
    energy_of_error = of.energy_of_error(std::as_const(xi).view(), precision);
    if (precisions.size() == 0) return;
    zeta = Tensor<Scalar>(precisions.shape());
    of.volatility_error(std::as_const(xi).view(), precision, zeta.view());
  }

  Tensor<Scalar> xi;
  Tensor<Scalar> zeta;
  double energy = 0;
  double energy_of_error = 0;
};

std::vector<double> widened(std::span<const float> values) { return {values.begin(), values.end()}; }

}  // namespace

void GradientError::merge(const GradientError& other) {
  if (other.worst > worst) *this = other;
}

GradientError check_gradient(const GradientCase& gradient_case) {
  const Op& op = *gradient_case.op;
  std::vector<Tensor<double>> inputs = gradient_case.inputs;
  const Evaluation<double> evaluation(op, inputs);
  const Tensor<double> root = random_tensor(gradient_case.name, evaluation.output().shape());
  Tensor<double> output(evaluation.output().shape());
  const auto loss = [&] {
    op.forward(views(inputs), output.view());
    double total = 0;
    for (std::int64_t i = 0; i < output.size(); ++i) total += root.data()[i] * output.data()[i];
    return total;
  };
  GradientError error;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::string what = gradient_case.name + ": adjoint of input " + std::to_string(k);
    Tensor<double> differences(inputs[k].shape());
    if (std::ranges::count(gradient_case.indices, k) == 0)
      for (std::int64_t i = 0; i < inputs[k].size(); ++i) differences.data()[i] = derivative(loss, inputs[k].data()[i]);
    // What was in the result before must vanish when assigning, and stay when accumulating.
    const Tensor<double> before = random_tensor(what, inputs[k].shape());
    Tensor<double> adjoint = before;
    evaluation.adjoint(root, k, adjoint, false);
    error.merge(compare(what, adjoint.flat(), differences.flat()));
    adjoint = before;
    evaluation.adjoint(root, k, adjoint, true);
    for (std::int64_t i = 0; i < adjoint.size(); ++i) adjoint.data()[i] -= before.data()[i];
    error.merge(compare(what + ", accumulated", adjoint.flat(), differences.flat()));
  }
  return error;
}

GradientError check_float(const GradientCase& gradient_case) {
  const std::vector<Tensor<float>> single_inputs = rounded(gradient_case.inputs);
  const Evaluation<double> exact(*gradient_case.op, gradient_case.inputs);
  const Evaluation<float> single(*gradient_case.op, single_inputs);
  GradientError error =
      compare(gradient_case.name + ": output in float", widened(single.output().flat()), exact.output().flat());
  std::vector<Tensor<double>> root;
  root.push_back(random_tensor(gradient_case.name, exact.output().shape()));
  const std::vector<Tensor<float>> single_root = rounded(root);
  for (std::size_t k = 0; k < single_inputs.size(); ++k) {
    for (const bool accumulate : {false, true}) {
      Tensor<double> expected(gradient_case.inputs[k].shape());
      Tensor<float> adjoint(gradient_case.inputs[k].shape());
      expected.fill(0.5);
      adjoint.fill(0.5F);
      exact.adjoint(root[0], k, expected, accumulate);
      single.adjoint(single_root[0], k, adjoint, accumulate);
      error.merge(compare(gradient_case.name + ": adjoint of input " + std::to_string(k) + " in float",
                          widened(adjoint.flat()), expected.flat()));
    }
  }
  return error;
}

GradientError check_energy(const Energy& energy, const EnergyCase& energy_case) {
  EnergyCase point = energy_case;
  const EnergyErrors<double> errors(energy, point.value, point.location, point.precisions, point);
  const auto loss = [&] {
    return energy.energy(point.value.view(), std::as_const(point.location).view(),
                         precision_of(point, std::as_const(point.precisions)));
  };
  const auto slopes = [&](Tensor<double>& variable) {
    std::vector<double> result;
    for (double& x : variable.flat()) result.push_back(-derivative(loss, x));
    return result;
  };
  GradientError error = compare(point.name + ": weighted error", errors.xi.flat(), slopes(point.location));
  if (!energy.relaxable()) return error;
  error.merge(compare(point.name + ": energy of the weighted error", std::span(&errors.energy_of_error, 1),
                      std::span(&errors.energy, 1)));
  if (point.inferred)
    error.merge(compare(point.name + ": volatility error", errors.zeta.flat(), slopes(point.precisions)));
  return error;
}

GradientError check_energy_float(const Energy& energy, const EnergyCase& energy_case) {
  std::vector<Tensor<double>> exact_inputs = {energy_case.value, energy_case.location, energy_case.precisions};
  const std::vector<Tensor<float>> inputs = rounded(exact_inputs);
  const EnergyErrors<double> exact(energy, exact_inputs[0], exact_inputs[1], exact_inputs[2], energy_case);
  const EnergyErrors<float> single(energy, inputs[0], inputs[1], inputs[2], energy_case);
  GradientError error =
      compare(energy_case.name + ": weighted error in float", widened(single.xi.flat()), exact.xi.flat());
  error.merge(
      compare(energy_case.name + ": volatility error in float", widened(single.zeta.flat()), exact.zeta.flat()));
  error.merge(
      compare(energy_case.name + ": energy in float", std::span(&single.energy, 1), std::span(&exact.energy, 1)));
  error.merge(compare(energy_case.name + ": energy of the weighted error in float",
                      std::span(&single.energy_of_error, 1), std::span(&exact.energy_of_error, 1)));
  return error;
}

}  // namespace settle
