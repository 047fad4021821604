// Purpose: how a parameter gets its first values: a function of (seed, parameter name) only, or values that are given.
// Thread rule: a value type.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "graph/tensor.hpp"

namespace settle {

struct Initializer {
  enum class Kind {
    fan_in,    // uniform on +-1/sqrt(scale), scale being the fan-in: the default
    constant,  // scale
    normal,    // mean 0, standard deviation scale
    uniform,   // uniform on +-scale
    values,    // `values`, of the parameter's shape
  };
  Kind kind = Kind::constant;
  double scale = 0;
  std::shared_ptr<const Tensor<double>> values{};

  friend bool operator==(const Initializer&, const Initializer&) = default;
};

// A parameter that one vertex owns ("h1.weight"), or the parameter that a `parameter` vertex is.
struct ParameterSpec {
  std::string name;
  Shape shape;
  Initializer init;
};

// First values, drawn in double so that both precisions start alike.
Tensor<double> initial_values(const ParameterSpec& spec, std::uint64_t seed);

}  // namespace settle
