#include "graph/optimizer.hpp"

#include <cmath>

#include "graph/eigen.hpp"

namespace settle {

template <class Scalar>
Optimizer<Scalar>::Optimizer(const OptimizerSettings& settings, const Shape& shape) : settings_(&settings) {
  if (moment_count() == 0) return;
  moments_ = std::make_unique<Moment[]>(moment_count());
  const bool adam = settings.kind == OptimizerKind::adam;
  moments_[0] = {adam ? "adam_mean" : "momentum", Tensor<Scalar>(shape)};
  if (adam) moments_[1] = {"adam_square", Tensor<Scalar>(shape)};
}

template <class Scalar>
std::size_t Optimizer<Scalar>::moment_count() const noexcept {
  switch (settings_->kind) {
    case OptimizerKind::sgd:
      return 0;
    case OptimizerKind::momentum:
      return 1;
    case OptimizerKind::adam:
      return 2;
  }
  return 0;
}

template <class Scalar>
bool Optimizer<Scalar>::plain() const noexcept {
  return settings_->kind == OptimizerKind::sgd && std::isinf(settings_->clip);
}

template <class Scalar>
void Optimizer<Scalar>::apply(View<Scalar> parameter, ConstView<Scalar> gradient) {
  ++steps_;
  const auto rate = static_cast<Scalar>(settings_->learning_rate);
  const auto clip = static_cast<Scalar>(settings_->clip);
  const auto g = array(gradient).max(-clip).min(clip);
  auto theta = array(parameter);
  switch (settings_->kind) {
    case OptimizerKind::sgd:
      theta += rate * g;
      break;
    case OptimizerKind::momentum: {
      auto m = array(moments_[0].tensor.view());
      m = static_cast<Scalar>(settings_->momentum) * m + g;
      theta += rate * m;
      break;
    }
    case OptimizerKind::adam: {
      auto m = array(moments_[0].tensor.view());
      auto s = array(moments_[1].tensor.view());
      const auto beta1 = static_cast<Scalar>(settings_->beta1);
      const auto beta2 = static_cast<Scalar>(settings_->beta2);
      const auto t = static_cast<double>(steps_);
      // The bias corrections folded into scalars: m^ = m / (1 - beta1^t), s^ = s / (1 - beta2^t).
      const auto mean_scale = static_cast<Scalar>(settings_->learning_rate / (1 - std::pow(settings_->beta1, t)));
      const auto square_scale = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(settings_->beta2, t)));
      const auto epsilon = static_cast<Scalar>(settings_->epsilon);
      m = beta1 * m + (1 - beta1) * g;
      s = beta2 * s + (1 - beta2) * g.square();
      theta += mean_scale * m / (square_scale * s.sqrt() + epsilon);
      break;
    }
  }
}

template class Optimizer<float>;
template class Optimizer<double>;

}  // namespace settle
