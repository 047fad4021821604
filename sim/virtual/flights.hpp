// Purpose: the messages under way, outside of the events that move them, so that ordering events moves few bytes.
// Thread rule: one owner.
#pragma once

#include <utility>
#include <vector>

#include "graph/payload.hpp"

namespace settle {

template <class Scalar>
class Flights {
 public:
  struct Flight {
    Payload<Scalar> tensor;
    bool token = false;
    std::uint16_t heard = 0;
    float gain = -1;
  };

  std::uint32_t take_off(Flight flight) {
    if (free_.empty()) {
      flights_.push_back(std::move(flight));
      return static_cast<std::uint32_t>(flights_.size() - 1);
    }
    const std::uint32_t at = free_.back();
    free_.pop_back();
    if (free_.size() >= kAhead) expect(free_[free_.size() - kAhead]);
    flights_[at] = std::move(flight);
    return at;
  }
  // `land` will be called for that flight soon.
  void expect(std::uint32_t flight) const noexcept { __builtin_prefetch(&flights_[flight], 1); }
  const Flight& at(std::uint32_t flight) const noexcept { return flights_[flight]; }
  Flight land(std::uint32_t flight) {
    free_.push_back(flight);
    return std::exchange(flights_[flight], {});
  }
  void clear() {
    flights_.clear();
    free_.clear();
  }

 private:
  static constexpr std::size_t kAhead = 4;  // flights that take off are fetched so many before their turn

  std::vector<Flight> flights_;
  std::vector<std::uint32_t> free_;
};

}  // namespace settle
