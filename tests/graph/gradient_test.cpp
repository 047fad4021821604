#include "graph/gradient_check.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/ops/list.hpp"

using namespace settle;

TEST_CASE("every operator family brings gradient cases") {
  for (const OperatorFamily& family : operator_families()) {
    CAPTURE(family.name);
    CHECK_FALSE(family.gradient_cases.empty());
  }
}

TEST_CASE("every operator's adjoints agree with central differences, assigned and accumulated") {
  for (const OperatorFamily& family : operator_families())
    for (const GradientCase& gradient_case : family.gradient_cases) {
      const GradientError error = check_gradient(gradient_case);
      CAPTURE(error.where);
      CHECK(error.worst < 1e-7);
    }
}

TEST_CASE("every operator in float agrees with itself in double") {
  for (const OperatorFamily& family : operator_families())
    for (const GradientCase& gradient_case : family.gradient_cases) {
      const GradientError error = check_float(gradient_case);
      CAPTURE(error.where);
      CHECK(error.worst < 1e-4);
    }
}

namespace {

// y = x^2, whose adjoint is wrong as asked: scaled, or assigning where it should accumulate.
class Faulty final : public OpKernels<Faulty> {
 public:
  Faulty(double factor, bool forgets) : factor_(factor), forgets_(forgets) {}
  std::string_view name() const override { return "faulty"; }
  Shape infer(std::span<const Shape> inputs) const override { return inputs[0]; }
  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> x, View<Scalar> y) const {
    for (std::int64_t i = 0; i < y.size(); ++i) y.data[i] = x[0].data[i] * x[0].data[i];
  }
  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    for (std::int64_t i = 0; i < call.result.size(); ++i) {
      const Scalar term = static_cast<Scalar>(factor_) * 2 * call.inputs[0].data[i] * call.adjoint.data[i];
      call.result.data[i] = call.accumulate && !forgets_ ? call.result.data[i] + term : term;
    }
  }

 private:
  double factor_;
  bool forgets_;
};

GradientError check_faulty(double factor, bool forgets) {
  const double inputs[] = {-1.0, 0.5, 2.0};
  return check_gradient({"faulty", std::make_shared<const Faulty>(factor, forgets), {Tensor<double>({3}, inputs)}});
}

}  // namespace

TEST_CASE("the gradient check finds a wrong factor, a forgotten accumulation and a NaN, and says where") {
  CHECK(check_faulty(1, false).worst < 1e-9);
  const GradientError scaled = check_faulty(1.001, false);
  CHECK(scaled.worst == doctest::Approx(1e-3).epsilon(1e-3));
  CHECK(scaled.where.starts_with("faulty: adjoint of input 0"));
  const GradientError forgetful = check_faulty(1, true);
  CHECK(forgetful.worst > 1e-2);
  CHECK(forgetful.where.find("accumulated") != std::string::npos);
  CHECK(std::isinf(check_faulty(std::nan(""), false).worst));
}
