#include "sim/datasets/columns.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace settle {
namespace {

// Calls `copy(row of stored values, row of out)` for each sample.
template <class Stored, class Scalar, class Copy>
void for_each_row(const Stored* values, std::size_t row, std::uint32_t first, SampleIndices samples, View<Scalar> out,
                  Copy copy) {
  assert(static_cast<std::size_t>(out.size()) == samples.size() * row);
  Scalar* target = out.data;
  for (const std::uint32_t sample : samples) {
    copy(std::span(values + (std::size_t{first} + sample) * row, row), target);
    target += row;
  }
}

template <class Stored>
Normalisation mean_and_deviation(std::span<const Stored> values) {
  if (values.empty()) return {};
  double sum = 0;
  for (const Stored value : values) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const Stored value : values) {
    const double distance = static_cast<double>(value) - mean;
    squares += distance * distance;
  }
  const double deviation = std::sqrt(squares / static_cast<double>(values.size()));
  return {mean, deviation > 0 ? deviation : 1};
}

template <class Scalar>
void read_one_hot(std::span<const std::uint32_t> labels, SampleIndices samples, std::size_t classes, View<Scalar> out) {
  assert(static_cast<std::size_t>(out.size()) == samples.size() * classes);
  std::ranges::fill(out.flat(), Scalar(0));
  for (std::size_t i = 0; i < samples.size(); ++i) out.data[i * classes + labels[samples[i]]] = Scalar(1);
}

}  // namespace

Normalisation standard_normalisation(std::span<const std::uint8_t> values) { return mean_and_deviation(values); }

template <class Scalar>
Normalisation standard_normalisation(std::span<const Scalar> values) {
  return mean_and_deviation(values);
}

ByteColumn::ByteColumn(const Shape& sample_shape, std::vector<std::uint8_t> values, const Normalisation& normalisation)
    : Column(sample_shape), values_(std::move(values)) {
  for (std::size_t stored = 0; stored < doubles_.size(); ++stored) {
    doubles_[stored] = normalisation(static_cast<double>(stored));
    floats_[stored] = static_cast<float>(doubles_[stored]);
  }
}

namespace {

template <class Scalar>
void look_up(const std::vector<std::uint8_t>& values, const std::array<Scalar, 256>& table, std::int64_t row,
             std::uint32_t first, SampleIndices samples, View<Scalar> out) {
  for_each_row(values.data(), static_cast<std::size_t>(row), first, samples, out,
               [&](std::span<const std::uint8_t> stored, Scalar* target) {
                 for (std::size_t i = 0; i < stored.size(); ++i) target[i] = table[stored[i]];
               });
}

template <class Stored, class Scalar>
void normalise(const Tensor<Stored>& values, const Normalisation& normalisation, std::int64_t row, std::uint32_t first,
               SampleIndices samples, View<Scalar> out) {
  for_each_row(values.data(), static_cast<std::size_t>(row), first, samples, out,
               [&](std::span<const Stored> stored, Scalar* target) {
                 if (normalisation.identity()) {
                   std::ranges::transform(stored, target, [](Stored value) { return static_cast<Scalar>(value); });
                   return;
                 }
                 std::ranges::transform(stored, target, [&](Stored value) {
                   return static_cast<Scalar>(normalisation(static_cast<double>(value)));
                 });
               });
}

}  // namespace

void ByteColumn::read(std::uint32_t first, SampleIndices samples, View<float> out) const {
  look_up(values_, floats_, sample_shape().size(), first, samples, out);
}
void ByteColumn::read(std::uint32_t first, SampleIndices samples, View<double> out) const {
  look_up(values_, doubles_, sample_shape().size(), first, samples, out);
}

template <class Stored>
RealColumn<Stored>::RealColumn(const Shape& sample_shape, Tensor<Stored> values, const Normalisation& normalisation)
    : Column(sample_shape), values_(std::move(values)), normalisation_(normalisation) {}

template <class Stored>
void RealColumn<Stored>::read(std::uint32_t first, SampleIndices samples, View<float> out) const {
  normalise(values_, normalisation_, sample_shape().size(), first, samples, out);
}
template <class Stored>
void RealColumn<Stored>::read(std::uint32_t first, SampleIndices samples, View<double> out) const {
  normalise(values_, normalisation_, sample_shape().size(), first, samples, out);
}

OneHotColumn::OneHotColumn(Labels labels, std::uint32_t classes) : Column(Shape{classes}), labels_(std::move(labels)) {}

void OneHotColumn::read(std::uint32_t first, SampleIndices samples, View<float> out) const {
  read_one_hot(std::span(*labels_).subspan(first), samples, static_cast<std::size_t>(sample_shape().size()), out);
}
void OneHotColumn::read(std::uint32_t first, SampleIndices samples, View<double> out) const {
  read_one_hot(std::span(*labels_).subspan(first), samples, static_cast<std::size_t>(sample_shape().size()), out);
}

template Normalisation standard_normalisation(std::span<const float>);
template Normalisation standard_normalisation(std::span<const double>);
template class RealColumn<float>;
template class RealColumn<double>;

}  // namespace settle
