// Purpose: the thread that drives a Liveness: it looks at when each host was last heard, every `look_every`, and tells
// what has changed. Caller: who has the connections. Thread rule: both functions are called on its thread, never two at
// a time and never after the destructor, which does not wait for the next look. They must not throw.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "actors/hosts/liveness.hpp"

namespace settle {

class LivenessWatch {
 public:
  using Heard = std::function<std::map<HostId, WireTime>()>;
  using Tell = std::function<void(const LivenessEvent&)>;

  LivenessWatch(const LivenessSettings& settings, Heard heard, Tell tell);

 private:
  void loop(const std::stop_token& stop);

  LivenessSettings settings_;
  Heard heard_;
  Tell tell_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // last: it ends first
};

}  // namespace settle
