// Purpose: what is done to stored inputs before a model sees them: stored value x reads as (x - mean) / deviation,
// computed in double, rounded once to the scalar. One normalisation for all of a sample, or one for each channel: for
// each index of its first axis. Callers: the datasets and their columns. Thread rule: value types, pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/shape.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

struct Normalisation {
  double mean = 0;
  double deviation = 1;

  bool identity() const noexcept { return mean == 0 && deviation == 1; }
  double operator()(double stored) const noexcept { return (stored - mean) / deviation; }
};

// One, or as many as a sample has channels. Never empty.
using Normalisations = std::vector<Normalisation>;

// What `wanted` asks for, found on the training inputs `values` (C order, the sample runs slowest). `what` holds them,
// in messages. A deviation of 0 counts as 1.
// Errors: BadConfig naming data.normalise for `unit` of values that are no bytes, and for `channel` where samples have
// fewer than three axes: nothing would say which one the channels are.
template <class Stored>
Normalisations normalisations(std::span<const Stored> values, const Shape& sample, DataConfig::Normalise wanted,
                              const std::string& what);

}  // namespace settle
