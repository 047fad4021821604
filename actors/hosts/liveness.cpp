#include "actors/hosts/liveness.hpp"

#include <algorithm>
#include <cstdio>

namespace settle {
namespace {

std::chrono::milliseconds whole(WireTime::duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

std::string text_of(const LivenessEvent& event) {
  const char* what = event.kind == LivenessEvent::Kind::silent ? "is silent for"
                     : event.kind == LivenessEvent::Kind::back ? "is back after a silence of"
                                                               : "is taken for dead after a silence of";
  char text[96];
  std::snprintf(text, sizeof text, "host %u %s %.1f s", static_cast<unsigned>(event.host), what,
                static_cast<double>(event.silence.count()) / 1000);
  return text;
}

std::vector<LivenessEvent> Liveness::look(const std::map<HostId, WireTime>& heard, WireTime now) {
  const bool late = now - looked_ > kLateLooks * settings_.look_every;
  looked_ = now;
  std::erase_if(watched_, [&](const auto& known) { return !heard.contains(known.first); });
  std::vector<LivenessEvent> events;
  for (const auto& [host, time] : heard) {
    const auto [found, is_new] = watched_.try_emplace(host, Watched{time, now});
    Watched& it = found->second;
    if (!is_new && time > it.heard) {
      if (it.told != Told::nothing)
        events.push_back({LivenessEvent::Kind::back, host, whole(std::max(time - it.since, WireTime::duration{}))});
      it = {time, time};
    }
    if (late) it.since = now;
    const auto silence = whole(now - it.since);
    if (it.told == Told::nothing && silence >= settings_.silent_after) {
      events.push_back({LivenessEvent::Kind::silent, host, silence});
      it.told = Told::silent;
    }
    if (it.told == Told::silent && silence >= settings_.dead_after) {
      events.push_back({LivenessEvent::Kind::dead, host, silence});
      it.told = Told::dead;
    }
  }
  return events;
}

}  // namespace settle
