// Purpose: the columns that lie in memory: 8-bit values looked up in a table, real numbers scaled, classes as one-hot
// rows. Callers: the datasets. Thread rule: as Column.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/dataset.hpp"
#include "sim/datasets/normalisation.hpp"

namespace settle {

class ByteColumn final : public Column {
 public:
  // `values`: C order, the sample runs slowest.
  ByteColumn(const Shape& sample_shape, std::vector<std::uint8_t> values, const Normalisations& channels);
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const override;
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const override;

 private:
  std::vector<std::uint8_t> values_;
  std::vector<std::array<float, 256>> floats_;  // what each byte reads as, by channel
  std::vector<std::array<double, 256>> doubles_;
};

template <class Stored>
class RealColumn final : public Column {
 public:
  RealColumn(const Shape& sample_shape, Tensor<Stored> values, Normalisations channels);
  void read(std::uint32_t first, SampleIndices samples, View<float> out) const override;
  void read(std::uint32_t first, SampleIndices samples, View<double> out) const override;

 private:
  Tensor<Stored> values_;
  Normalisations channels_;
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
