// Purpose: one vertex's term of the free energy, E(v, z), z being the output of the vertex's program ("location").
//   gaussian:     v^ = z,          E = 1/2 * precision * |v - z|^2,         xi = precision * (v - z)
//   categorical:  v^ = softmax(z), E = -sum v * log softmax(z),             xi = v - softmax(z)  (rows of v sum to 1)
//   bernoulli:    v^ = sigmoid(z), E = sum log(1 + exp(z)) - v * z,         xi = v - sigmoid(z)  (v from 0 to 1)
// xi = -dE/dz is the weighted error that feedback (dz/d parent)^T xi is made from. Sums run over the batch, always.
// Source: Millidge, Tschantz & Buckley 2020, section 2; DESIGN "The model".
// Thread rule: immutable; functions may run in any number of threads.
#pragma once

#include <memory>
#include <string_view>

#include "graph/tensor.hpp"

namespace settle {

class Energy {
 public:
  virtual ~Energy() = default;

  virtual std::string_view name() const = 0;

  // True where a free vertex of this energy may be relaxed (dE/dv = precision * error, so error is all that is needed).
  virtual bool relaxable() const = 0;
  // True where the last axis of z holds the logits of one choice: z must have such an axis beside the batch.
  virtual bool needs_class_axis() const = 0;
  // True where v^ is z itself, so that `predict` need not run.
  virtual bool prediction_is_location() const = 0;

  virtual void predict(ConstView<float> location, View<float> prediction) const = 0;
  virtual void predict(ConstView<double> location, View<double> prediction) const = 0;

  // xi from the value and the prediction.
  virtual void weighted_error(ConstView<float> value, ConstView<float> prediction, double precision,
                              View<float> xi) const = 0;
  virtual void weighted_error(ConstView<double> value, ConstView<double> prediction, double precision,
                              View<double> xi) const = 0;

  // E, accumulated in double.
  virtual double energy(ConstView<float> value, ConstView<float> location, double precision) const = 0;
  virtual double energy(ConstView<double> value, ConstView<double> location, double precision) const = 0;
};

using EnergyPtr = std::shared_ptr<const Energy>;

EnergyPtr gaussian();
EnergyPtr categorical();
EnergyPtr bernoulli();

}  // namespace settle
