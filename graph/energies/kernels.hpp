// Purpose: derives both precisions of an energy from three member templates of `Derived`:
//   template <class Scalar> void prediction(ConstView<Scalar> location, View<Scalar> result) const;
//   template <class Scalar> void error(ConstView<Scalar> value, ConstView<Scalar> prediction, double precision,
//                                      View<Scalar> xi) const;
//   template <class Scalar> double sum(ConstView<Scalar> value, ConstView<Scalar> location, double precision) const;
// Caller: the files of graph/energies. Thread rule: immutable.
#pragma once

#include <algorithm>

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
