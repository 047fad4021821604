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
    result.emplace_back(tensor.shape());
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

GradientError check_energy(const Energy& energy, const Tensor<double>& value, const Tensor<double>& location,
                           double precision) {
  Tensor<double> z = location;
  Tensor<double> prediction(z.shape());
  Tensor<double> xi(z.shape());
  Tensor<double> differences(z.shape());
  energy.predict(std::as_const(z).view(), prediction.view());
  energy.weighted_error(value.view(), std::as_const(prediction).view(), precision, xi.view());
  const auto loss = [&] { return energy.energy(value.view(), std::as_const(z).view(), precision); };
  for (std::int64_t i = 0; i < z.size(); ++i) differences.data()[i] = -derivative(loss, z.data()[i]);
  return compare(std::string(energy.name()) + ": weighted error", xi.flat(), differences.flat());
}

}  // namespace settle
