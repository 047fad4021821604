// Purpose: one vertex's term of the free energy, E(v, z, p), z being the location that the vertex's program computes
// and p the precision, one number or a tensor that the program computes too.
//   gaussian:     v^ = z,          E = sum 1/2 * p * (v - z)^2,             xi = p * (v - z)
//                                  where p is learned or predicted, E has the term - 1/2 * log p for every element
//   categorical:  v^ = softmax(z), E = -sum v * log softmax(z),             xi = v - softmax(z)  (rows of v sum to 1)
//   bernoulli:    v^ = sigmoid(z), E = sum log(1 + exp(z)) - v * z,         xi = v - sigmoid(z)  (v from 0 to 1)
// xi = -dE/dz is the weighted error, zeta = -dE/dp = 1/2 * (1/p - error^2) the volatility error, error being xi / p.
// What a parent or parameter receives is (dz/d..)^T xi + (dp/d..)^T zeta. zeta is a function of xi and p alone, also
// while fixed prediction moves xi and not v. Sums run over the batch, always.
// Source: Millidge, Tschantz & Buckley 2020, section 2; DESIGN "The model"; for precisions Bogacz 2017, section 2.4.
// Thread rule: immutable; functions may run in any number of threads.
#pragma once

#include <memory>
#include <string_view>

#include "graph/standard_form.hpp"
#include "graph/tensor.hpp"

namespace settle {

// A vertex's precision as its energy reads it. Requires: positive.
template <class Scalar>
struct Precision {
  double uniform = 1;           // of every element, where `each` has no memory
  ConstView<Scalar> each = {};  // of the value's shape
  bool inferred = false;        // learned or predicted

  bool elementwise() const noexcept { return each.data != nullptr; }
};

class Energy {
 public:
  virtual ~Energy() = default;

  virtual std::string_view name() const = 0;

  // True where a free vertex of this energy may be relaxed (dE/dv = xi, so that error is all that is needed), and its
  // precision plays a part.
  virtual bool relaxable() const = 0;
  // True where the last axis of z holds the logits of one choice: z must have such an axis beside the batch.
  virtual bool needs_class_axis() const = 0;
  // v^ in the words of the ONNX standard (graph/standard_form.hpp), z being the tensor `location`.
  virtual std::string standard_prediction(StandardWriter& writer, const std::string& location) const = 0;
  // True where v^ is z itself, so that `predict` need not run.
  virtual bool prediction_is_location() const = 0;

  virtual void predict(ConstView<float> location, View<float> prediction) const = 0;
  virtual void predict(ConstView<double> location, View<double> prediction) const = 0;

  // xi from the value and the prediction.
  virtual void weighted_error(ConstView<float> value, ConstView<float> prediction, const Precision<float>& precision,
                              View<float> xi) const = 0;
  virtual void weighted_error(ConstView<double> value, ConstView<double> prediction, const Precision<double>& precision,
                              View<double> xi) const = 0;

  // E, accumulated in double.
  virtual double energy(ConstView<float> value, ConstView<float> location, const Precision<float>& precision) const = 0;
  virtual double energy(ConstView<double> value, ConstView<double> location,
                        const Precision<double>& precision) const = 0;

  // E of a vertex that has the weighted error xi; no memory: zero. Requires: relaxable.
  virtual double energy_of_error(ConstView<float> xi, const Precision<float>& precision) const = 0;
  virtual double energy_of_error(ConstView<double> xi, const Precision<double>& precision) const = 0;

  // zeta from xi; no memory: zero. Requires: relaxable; an elementwise precision.
  virtual void volatility_error(ConstView<float> xi, const Precision<float>& precision, View<float> zeta) const = 0;
  virtual void volatility_error(ConstView<double> xi, const Precision<double>& precision, View<double> zeta) const = 0;
};

using EnergyPtr = std::shared_ptr<const Energy>;

EnergyPtr gaussian();
EnergyPtr categorical();
EnergyPtr bernoulli();

}  // namespace settle
