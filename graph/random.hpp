// Purpose: random numbers as a function of (seed, name, purpose), never of a thread, a rank or an order of calls: the
// stream of a name is the same wherever and whenever it is drawn.
// Generator: SplitMix64 (Steele, Lea & Flood 2014) over a key hashed by FNV-1a; enough for initial parameters and
// shuffles, the same bits on every machine (no std::*_distribution, whose results differ between libraries).
// Thread rule: a value type.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace settle {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name, std::string_view purpose);

  // One of many streams that begin where this one stands, as one for every trial.
  RandomStream numbered(std::uint64_t number) const noexcept;

  std::uint64_t next() noexcept;
  double uniform() noexcept;                              // [0, 1), 53 bits
  double normal() noexcept;                               // mean 0, variance 1 (Box-Muller, two draws)
  std::uint64_t below(std::uint64_t bound) noexcept;      // [0, bound), unbiased. Requires: bound > 0
  void shuffle(std::span<std::uint32_t> items) noexcept;  // Fisher-Yates

 private:
  std::uint64_t state_;
};

}  // namespace settle
