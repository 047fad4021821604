#include "sim/datasets/normalisation.hpp"

#include <cmath>
#include <type_traits>

#include "graph/error.hpp"

namespace settle {
namespace {

using Normalise = DataConfig::Normalise;

// Calls visit(value) for each value of one channel, of `length` values of every sample.
template <class Stored, class Visit>
void for_each_of_channel(std::span<const Stored> values, std::size_t channel, std::size_t channels, std::size_t length,
                         Visit visit) {
  for (std::size_t start = channel * length; start < values.size(); start += channels * length)
    for (const Stored value : values.subspan(start, length)) visit(static_cast<double>(value));
}

// Mean and standard deviation.
template <class Stored>
Normalisation of_channel(std::span<const Stored> values, std::size_t channel, std::size_t channels,
                         std::size_t length) {
  const auto count = static_cast<double>(values.size() / channels);
  double sum = 0;
  for_each_of_channel(values, channel, channels, length, [&](double value) { sum += value; });
  const double mean = sum / count;
  double squares = 0;
  for_each_of_channel(values, channel, channels, length,
                      [&](double value) { squares += (value - mean) * (value - mean); });
  const double deviation = std::sqrt(squares / count);
  return {mean, deviation > 0 ? deviation : 1};
}

}  // namespace

template <class Stored>
Normalisations normalisations(std::span<const Stored> values, const Shape& sample, Normalise wanted,
                              const std::string& what) {
  constexpr bool kBytes = std::is_same_v<Stored, std::uint8_t>;
  const auto size = static_cast<std::size_t>(sample.size());
  switch (wanted) {
    case Normalise::none:
      return {Normalisation{}};
    case Normalise::standard:
      return {values.empty() ? Normalisation{} : of_channel(values, 0, 1, values.size())};
    case Normalise::channel: {
      if (sample.rank() < 3)
        throw BadConfig("data.normalise: channel is for samples of three axes or more, channels first; those of " +
                        what + " are " + sample.to_string() + ": give standard");
      const auto channels = static_cast<std::size_t>(sample[0]);
      if (values.empty()) return {Normalisation{}};
      Normalisations result;
      for (std::size_t channel = 0; channel < channels; ++channel)
        result.push_back(of_channel(values, channel, channels, size / channels));
      return result;
    }
    case Normalise::unit:
      if (!kBytes)
        throw BadConfig("data.normalise: unit divides 8-bit inputs by 255, those of " + what +
                        " are no bytes; give none or standard");
      break;
    case Normalise::automatic:
      break;
  }
  return {kBytes ? Normalisation{0, 255} : Normalisation{}};
}

template Normalisations normalisations(std::span<const std::uint8_t>, const Shape&, Normalise, const std::string&);
template Normalisations normalisations(std::span<const double>, const Shape&, Normalise, const std::string&);

}  // namespace settle
