#include "graph/random.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace settle {
namespace {

std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) noexcept {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name, std::string_view purpose) {
  std::uint64_t key = fnv1a(name, 0xcbf29ce484222325ULL);
  key = fnv1a(purpose, mix(key) ^ 0x9e3779b97f4a7c15ULL);
  state_ = mix(key ^ mix(seed + 0x9e3779b97f4a7c15ULL));
}

RandomStream RandomStream::numbered(std::uint64_t number) const noexcept {
  RandomStream stream = *this;
  stream.state_ = mix(state_ ^ mix(number + 0x9e3779b97f4a7c15ULL));
  return stream;
}

std::uint64_t RandomStream::next() noexcept {
  state_ += 0x9e3779b97f4a7c15ULL;
  return mix(state_);
}

double RandomStream::uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double RandomStream::normal() noexcept {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t RandomStream::below(std::uint64_t bound) noexcept {
  const std::uint64_t unfair = (0 - bound) % bound;  // draws below this would favour the small results
  std::uint64_t draw = next();
  while (draw < unfair) draw = next();
  return draw % bound;
}

void RandomStream::shuffle(std::span<std::uint32_t> items) noexcept {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
}

}  // namespace settle
