// Purpose: when a phase has come to rest over all hosts. A host knows whether anything of its own is outstanding, and
// counts the messages that it has sent to and received from other hosts, from the start of the run on. At rest every
// host is idle and as many were received as sent; but counts that were taken one after another can agree by chance, so
// that a wave asks again: where all are still idle with the counts that they had told before, nothing has moved between
// (Mattern 1987, "Algorithms for distributed termination detection", the four-counter method).
//   begin -> idle(host) from each -> [wave -> answer(host) from each] -> at rest, or idle(host) again ...
// Caller: the coordinator, which carries the questions and answers. Thread rule: one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/placement.hpp"

namespace settle {

struct HostCounts {
  std::uint64_t sent = 0;      // to other hosts
  std::uint64_t received = 0;  // from them
  friend bool operator==(const HostCounts&, const HostCounts&) = default;
};

class RestDetector {
 public:
  explicit RestDetector(HostId hosts);

  // All hosts are busy; answers to earlier waves count no more.
  void begin() noexcept;

  // A host has nothing outstanding, and had these counts then.
  void idle(HostId host, const HostCounts& counts);

  // The number of the wave that has to go to every host now, once each; none while a wave is out, while a host is
  // busy, or while messages are under way.
  std::optional<std::uint64_t> wave();

  // What a host says to a wave: its counts where it is idle. A busy one says idle() again later by itself.
  void answer(HostId host, std::uint64_t wave, const std::optional<HostCounts>& counts);

  // The last wave found every host idle and nothing moved.
  bool at_rest() const noexcept { return at_rest_; }

 private:
  std::vector<std::optional<HostCounts>> known_;  // by host; nothing: busy
  std::vector<char> answered_;                    // by host, to the wave that is out
  std::size_t answers_ = 0;
  std::uint64_t wave_ = 0;  // the last one
  bool out_ = false;        // it is not answered by all
  bool unmoved_ = false;    // all its answers so far say what was known
  bool at_rest_ = false;
};

}  // namespace settle
