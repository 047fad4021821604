// Purpose: the local learning step of one parameter tensor. g = (dv^/d theta)^T xi points downhill on the free energy,
// so every optimizer ADDS it:
//   sgd       theta += rate * g
//   momentum  m = momentum * m + g;  theta += rate * m
//   adam      m, s = running means of g, g^2;  theta += rate * m^ / (sqrt(s^) + epsilon)     (Kingma & Ba 2015, alg. 1)
// `clip` bounds every component of g first. Caller: Node. Thread rule: one owner.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "graph/tensor.hpp"

namespace settle {

enum class OptimizerKind { sgd, momentum, adam };

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::sgd;
  double learning_rate = 0.01;
  double momentum = 0.9;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip = std::numeric_limits<double>::infinity();
};

template <class Scalar>
class Optimizer {
 public:
  // Requires: `settings` outlive the optimizer.
  Optimizer(const OptimizerSettings& settings, const Shape& shape);
  Optimizer(OptimizerSettings&&, const Shape&) = delete;

  // True where `apply` is theta += learning_rate * g and nothing else: the caller may then accumulate into theta
  // itself.
  bool plain() const noexcept;
  double learning_rate() const noexcept { return settings_->learning_rate; }

  // Requires: `parameter` and `gradient` of the shape given at construction.
  void apply(View<Scalar> parameter, ConstView<Scalar> gradient);

  // What a checkpoint keeps beside the parameter: "momentum", or "adam_mean", "adam_square" and the number of steps.
  struct Moment {
    const char* name;
    Tensor<Scalar> tensor;
  };
  std::span<Moment> moments() noexcept { return {moments_.get(), moment_count()}; }
  std::span<const Moment> moments() const noexcept { return {moments_.get(), moment_count()}; }
  std::uint64_t steps() const noexcept { return steps_; }
  void set_steps(std::uint64_t steps) noexcept { steps_ = steps; }

 private:
  std::size_t moment_count() const noexcept;

  const OptimizerSettings* settings_;
  std::unique_ptr<Moment[]> moments_;
  std::uint64_t steps_ = 0;
};

}  // namespace settle
