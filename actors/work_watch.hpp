// Purpose: tells whether a vertex worked (acted, sent, or did its duty in a phase) in a call of its core. Callers: what
// fills in a Timeline. Thread rule: the core's.
#pragma once

#include "actors/node_core.hpp"

namespace settle {

class WorkWatch {
 public:
  // Before the call.
  explicit WorkWatch(const VertexReport& report)
      : completed_(report.completed), messages_(report.messages), acts_(report.acts) {}

  // After it. Acts of relaxation: 0 in other phases.
  bool worked(const VertexReport& report) const noexcept {
    if (report.completed != completed_ && report.completed != Stamp{}) return true;
    return report.messages > (began_trial(report) ? 0 : messages_) || acts(report) > 0;
  }
  std::uint32_t acts(const VertexReport& report) const noexcept {
    return static_cast<std::uint32_t>(report.acts - std::min(report.acts, acts_));
  }

 private:
  // Its report was begun anew.
  bool began_trial(const VertexReport& report) const noexcept {
    return report.completed == Stamp{} && completed_ != Stamp{};
  }

  Stamp completed_;
  std::uint64_t messages_;
  std::uint64_t acts_;
};

}  // namespace settle
