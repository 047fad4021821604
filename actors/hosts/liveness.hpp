// Purpose: which hosts are silent, from when each was last heard. A connection of ours always carries something, a
// heartbeat where nothing else is due, so that silence says that a host is stopped or cut off; a busy or loaded one is
// not silent. Pure: time is an argument.
//   heard --silent_after--> silent --dead_after--> dead      (both: heard again --> back)
// Silence is counted from when a host was last heard, but from no earlier than this watcher came to know of it, or came
// back itself: where a look is much later than planned (this process was stopped, the machine slept), nothing could be
// heard meanwhile, and everybody is given the time again.
// Requires: silent_after is longer than kLateLooks * look_every and a heartbeat together. Thread rule: one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "actors/peer_counters.hpp"
#include "actors/placement.hpp"

namespace settle {

struct LivenessSettings {
  std::chrono::milliseconds silent_after{2000};
  std::chrono::milliseconds dead_after{10'000};
  std::chrono::milliseconds look_every{250};
};

struct LivenessEvent {
  enum class Kind { silent, back, dead };
  Kind kind = Kind::silent;
  HostId host = 0;
  std::chrono::milliseconds silence{};  // until now; of `back`: that which has ended

  friend bool operator==(const LivenessEvent&, const LivenessEvent&) = default;
};

// As a user reads it: "host 2 is silent for 2.3 s".
std::string text_of(const LivenessEvent& event);

class Liveness {
 public:
  static constexpr int kLateLooks = 4;  // a look that comes after as many periods is late

  explicit Liveness(const LivenessSettings& settings) : settings_(settings) {}

  // What has changed since the last look, in the order of hosts, each of `silent` and `dead` once per silence. `heard`:
  // every host that is watched and when it was last heard; who is not in it is watched no more.
  std::vector<LivenessEvent> look(const std::map<HostId, WireTime>& heard, WireTime now);

 private:
  enum class Told { nothing, silent, dead };
  struct Watched {
    WireTime heard;  // last
    WireTime since;  // from when its silence counts
    Told told = Told::nothing;
  };

  LivenessSettings settings_;
  std::map<HostId, Watched> watched_;
  WireTime looked_{};  // last; nothing is watched before the first
};

}  // namespace settle
