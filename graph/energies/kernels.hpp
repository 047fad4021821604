// Purpose: derives both precisions of an energy from member templates of `Derived`:
//   template <class Scalar> void prediction(ConstView<Scalar> location, View<Scalar> result) const;
//   template <class Scalar> void error(ConstView<Scalar> value, ConstView<Scalar> prediction, const Precision<Scalar>&,
//                                      View<Scalar> xi) const;
//   template <class Scalar> double sum(ConstView<Scalar> value, ConstView<Scalar> location,
//                                      const Precision<Scalar>&) const;
// and, where it is relaxable:
//   template <class Scalar> double sum_of_error(ConstView<Scalar> xi, const Precision<Scalar>&) const;
//   template <class Scalar> void volatility(ConstView<Scalar> xi, const Precision<Scalar>&, View<Scalar> zeta) const;
// Caller: the files of graph/energies. Thread rule: immutable.
#pragma once

#include <algorithm>
#include <cassert>

#include "graph/energy.hpp"

namespace settle {

// The sum over `size` elements of what block(start, length) returns for consecutive ones: few enough are summed in the
// scalar's own precision, the sum goes on in double.
template <class Block>
double sum_in_blocks(std::int64_t size, const Block& block) {
  constexpr std::int64_t kBlock = 256;
  double total = 0;
  for (std::int64_t start = 0; start < size; start += kBlock)
    total += static_cast<double>(block(start, std::min(kBlock, size - start)));
  return total;
}

template <class Derived>
class EnergyKernels : public Energy {
 public:
  void predict(ConstView<float> location, View<float> result) const final { self().prediction(location, result); }
  void predict(ConstView<double> location, View<double> result) const final { self().prediction(location, result); }
  void weighted_error(ConstView<float> value, ConstView<float> prediction, const Precision<float>& precision,
                      View<float> xi) const final {
    self().error(value, prediction, precision, xi);
  }
  void weighted_error(ConstView<double> value, ConstView<double> prediction, const Precision<double>& precision,
                      View<double> xi) const final {
    self().error(value, prediction, precision, xi);
  }
  double energy(ConstView<float> value, ConstView<float> location, const Precision<float>& precision) const final {
    return self().sum(value, location, precision);
  }
  double energy(ConstView<double> value, ConstView<double> location, const Precision<double>& precision) const final {
    return self().sum(value, location, precision);
  }
  double energy_of_error(ConstView<float> xi, const Precision<float>& precision) const final {
    return from_error(xi, precision);
  }
  double energy_of_error(ConstView<double> xi, const Precision<double>& precision) const final {
    return from_error(xi, precision);
  }
  void volatility_error(ConstView<float> xi, const Precision<float>& precision, View<float> zeta) const final {
    volatility_from_error(xi, precision, zeta);
  }
  void volatility_error(ConstView<double> xi, const Precision<double>& precision, View<double> zeta) const final {
    volatility_from_error(xi, precision, zeta);
  }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }

  template <class Scalar>
  double from_error(ConstView<Scalar> xi, const Precision<Scalar>& precision) const {
    if constexpr (requires { self().sum_of_error(xi, precision); }) {
      return self().sum_of_error(xi, precision);
    } else {
      assert(false && "vertices of this energy are not relaxed");
      return 0;
    }
  }
  template <class Scalar>
  void volatility_from_error(ConstView<Scalar> xi, const Precision<Scalar>& precision, View<Scalar> zeta) const {
    if constexpr (requires { self().volatility(xi, precision, zeta); })
      self().volatility(xi, precision, zeta);
    else
      assert(false && "this energy has no precision");
  }
};

}  // namespace settle
