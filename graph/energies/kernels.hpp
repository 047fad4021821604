// Purpose: derives both precisions of an energy from three member templates of `Derived`:
//   template <class Scalar> void prediction(ConstView<Scalar> location, View<Scalar> result) const;
//   template <class Scalar> void error(ConstView<Scalar> value, ConstView<Scalar> prediction, double precision,
//                                      View<Scalar> xi) const;
//   template <class Scalar> double sum(ConstView<Scalar> value, ConstView<Scalar> location, double precision) const;
// Caller: the files of graph/energies. Thread rule: immutable.
#pragma once

#include "graph/energy.hpp"

namespace settle {

template <class Derived>
class EnergyKernels : public Energy {
 public:
  void predict(ConstView<float> location, View<float> result) const final { self().prediction(location, result); }
  void predict(ConstView<double> location, View<double> result) const final { self().prediction(location, result); }
  void weighted_error(ConstView<float> value, ConstView<float> prediction, double precision,
                      View<float> xi) const final {
    self().error(value, prediction, precision, xi);
  }
  void weighted_error(ConstView<double> value, ConstView<double> prediction, double precision,
                      View<double> xi) const final {
    self().error(value, prediction, precision, xi);
  }
  double energy(ConstView<float> value, ConstView<float> location, double precision) const final {
    return self().sum(value, location, precision);
  }
  double energy(ConstView<double> value, ConstView<double> location, double precision) const final {
    return self().sum(value, location, precision);
  }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }
};

}  // namespace settle
