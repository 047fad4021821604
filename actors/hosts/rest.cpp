#include "actors/hosts/rest.hpp"

#include <algorithm>

namespace settle {

RestDetector::RestDetector(HostId hosts) : known_(hosts), answered_(hosts) {}

void RestDetector::begin() noexcept {
  std::ranges::fill(known_, std::nullopt);
  out_ = at_rest_ = false;
}

void RestDetector::idle(HostId host, const HostCounts& counts) {
  if (known_[host] != counts) unmoved_ = false;
  known_[host] = counts;
}

std::optional<std::uint64_t> RestDetector::wave() {
  if (out_ || at_rest_) return std::nullopt;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const std::optional<HostCounts>& counts : known_) {
    if (!counts) return std::nullopt;
    sent += counts->sent;
    received += counts->received;
  }
  if (sent != received) return std::nullopt;
  std::ranges::fill(answered_, false);
  answers_ = 0;
  out_ = unmoved_ = true;
  return ++wave_;
}

void RestDetector::answer(HostId host, std::uint64_t wave, const std::optional<HostCounts>& counts) {
  if (!out_ || wave != wave_ || answered_[host]) return;
  answered_[host] = true;
  ++answers_;
  if (counts != known_[host]) unmoved_ = false;
  known_[host] = counts;
  if (answers_ < known_.size()) return;
  out_ = false;
  at_rest_ = unmoved_;
}

}  // namespace settle
