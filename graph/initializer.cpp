#include "graph/initializer.hpp"

#include <cmath>

#include "graph/random.hpp"

namespace settle {

Tensor<double> initial_values(const ParameterSpec& spec, std::uint64_t seed) {
  if (spec.init.kind == Initializer::Kind::values) return *spec.init.values;
  Tensor<double> values(spec.shape);
  RandomStream stream(seed, spec.name, "init");
  const double scale = spec.init.scale;
  switch (spec.init.kind) {
    case Initializer::Kind::constant:
      values.fill(scale);
      break;
    case Initializer::Kind::normal:
      for (double& x : values.flat()) x = scale * stream.normal();
      break;
    case Initializer::Kind::values:
      break;
    case Initializer::Kind::fan_in:
    case Initializer::Kind::uniform: {
      const double bound = spec.init.kind == Initializer::Kind::uniform ? scale : 1.0 / std::sqrt(scale);
      for (double& x : values.flat()) x = bound * (2.0 * stream.uniform() - 1.0);
      break;
    }
  }
  return values;
}

}  // namespace settle
