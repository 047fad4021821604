// Purpose: the columns that lie in memory: 8-bit values looked up in a table, real numbers scaled, classes as one-hot
// rows. Normalisation: stored value x reads as (x - mean) / deviation, computed in double, rounded once to the scalar.
// Callers: the datasets. Thread rule: as Column.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/dataset.hpp"

namespace settle {

struct Normalisation {
  double mean = 0;
  double deviation = 1;

  bool identity() const noexcept { return mean == 0 && deviation == 1; }
  double operator()(double stored) const noexcept { return (stored - mean) / deviation; }
};

// Global mean and standard deviation; a deviation of 0 counts as 1.
Normalisation standard_normalisation(std::span<const std::uint8_t> values);
template <class Scalar>
Normalisation standard_normalisation(std::span<const Scalar> values);

class ByteColumn final : public Column {
 public:
  // `values`: C order, the sample runs slowest.
  ByteColumn(const Shape& sample_shape, std::vector<std::uint8_t> values, const Normalisation& normalisation);
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const override;
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const override;

 private:
  std::vector<std::uint8_t> values_;
  std::array<float, 256> floats_;
  std::array<double, 256> doubles_;
};

template <class Stored>
class RealColumn final : public Column {
 public:
  RealColumn(const Shape& sample_shape, Tensor<Stored> values, const Normalisation& normalisation);
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const override;
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const override;

 private:
  Tensor<Stored> values_;
  Normalisation normalisation_;
};

// `[batch, classes]`, 1 at the sample's class and 0 elsewhere.
class OneHotColumn final : public Column {
 public:
  // Requires: every label is below `classes`.
  OneHotColumn(Labels labels, std::uint32_t classes);
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const override;
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const override;

 private:
  Labels labels_;
};

}  // namespace settle
