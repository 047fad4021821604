#include "sim/datasets/columns.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace settle {
namespace {

// Calls copy(stored values of a channel, channel, where they go) for each sample and channel.
template <class Stored, class Scalar, class Copy>
void for_each_row(const Stored* values, std::size_t row, std::size_t channels, std::uint32_t first,
                  SampleIndices samples, View<Scalar> out, Copy copy) {
  assert(static_cast<std::size_t>(out.size()) == samples.size() * row && row % channels == 0);
  const std::size_t length = row / channels;
  Scalar* target = out.data;
  for (const std::uint32_t sample : samples)
    for (std::size_t channel = 0; channel < channels; ++channel, target += length)
      copy(std::span(values + (std::size_t{first} + sample) * row + channel * length, length), channel, target);
}

template <class Scalar>
void read_one_hot(std::span<const std::uint32_t> labels, SampleIndices samples, std::size_t classes, View<Scalar> out) {
  assert(static_cast<std::size_t>(out.size()) == samples.size() * classes);
  std::ranges::fill(out.flat(), Scalar(0));
  for (std::size_t i = 0; i < samples.size(); ++i) out.data[i * classes + labels[samples[i]]] = Scalar(1);
}

}  // namespace

ByteColumn::ByteColumn(const Shape& sample_shape, std::vector<std::uint8_t> values, const Normalisations& channels)
    : Column(sample_shape), values_(std::move(values)), floats_(channels.size()), doubles_(channels.size()) {
  for (std::size_t channel = 0; channel < channels.size(); ++channel)
    for (std::size_t stored = 0; stored < doubles_[channel].size(); ++stored) {
      doubles_[channel][stored] = channels[channel](static_cast<double>(stored));
      floats_[channel][stored] = static_cast<float>(doubles_[channel][stored]);
    }
}

namespace {

template <class Scalar>
void look_up(const std::vector<std::uint8_t>& values, const std::vector<std::array<Scalar, 256>>& tables,
             std::int64_t row, std::uint32_t first, SampleIndices samples, View<Scalar> out) {
  for_each_row(values.data(), static_cast<std::size_t>(row), tables.size(), first, samples, out,
               [&](std::span<const std::uint8_t> stored, std::size_t channel, Scalar* target) {
                 const std::array<Scalar, 256>& table = tables[channel];
                 for (std::size_t i = 0; i < stored.size(); ++i) target[i] = table[stored[i]];
               });
}

template <class Stored, class Scalar>
void normalise(const Tensor<Stored>& values, const Normalisations& channels, std::int64_t row, std::uint32_t first,
               SampleIndices samples, View<Scalar> out) {
  for_each_row(values.data(), static_cast<std::size_t>(row), channels.size(), first, samples, out,
               [&](std::span<const Stored> stored, std::size_t channel, Scalar* target) {
                 const Normalisation& normalisation = channels[channel];
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
RealColumn<Stored>::RealColumn(const Shape& sample_shape, Tensor<Stored> values, Normalisations channels)
    : Column(sample_shape), values_(std::move(values)), channels_(std::move(channels)) {}

template <class Stored>
void RealColumn<Stored>::read(std::uint32_t first, SampleIndices samples, View<float> out) const {
  normalise(values_, channels_, sample_shape().size(), first, samples, out);
}
template <class Stored>
void RealColumn<Stored>::read(std::uint32_t first, SampleIndices samples, View<double> out) const {
  normalise(values_, channels_, sample_shape().size(), first, samples, out);
}

OneHotColumn::OneHotColumn(Labels labels, std::uint32_t classes) : Column(Shape{classes}), labels_(std::move(labels)) {}

void OneHotColumn::read(std::uint32_t first, SampleIndices samples, View<float> out) const {
  read_one_hot(std::span(*labels_).subspan(first), samples, static_cast<std::size_t>(sample_shape().size()), out);
}
void OneHotColumn::read(std::uint32_t first, SampleIndices samples, View<double> out) const {
  read_one_hot(std::span(*labels_).subspan(first), samples, static_cast<std::size_t>(sample_shape().size()), out);
}

template class RealColumn<float>;
template class RealColumn<double>;

}  // namespace settle
