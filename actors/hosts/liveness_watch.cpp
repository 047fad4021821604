#include "actors/hosts/liveness_watch.hpp"

namespace settle {

LivenessWatch::LivenessWatch(const LivenessSettings& settings, Heard heard, Tell tell)
    : settings_(settings),
      heard_(std::move(heard)),
      tell_(std::move(tell)),
      thread_([this](std::stop_token stop) { loop(stop); }) {}

void LivenessWatch::loop(const std::stop_token& stop) {
  Liveness liveness(settings_);
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    for (const LivenessEvent& event : liveness.look(heard_(), std::chrono::steady_clock::now())) tell_(event);
    stopped_.wait_for(lock, stop, settings_.look_every, [] { return false; });
  }
}

}  // namespace settle
