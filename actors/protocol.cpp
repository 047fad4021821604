#include "actors/protocol.hpp"

namespace settle {

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::idle:
      return "idle";
    case Phase::predict:
      return "predict";
    case Phase::relax:
      return "relax";
    case Phase::learn:
      return "learn";
  }
  return "?";
}

Phase next_phase(Phase phase, const Trial& trial) {
  switch (phase) {
    case Phase::idle:
      return Phase::predict;
    case Phase::predict:
      return trial.relax ? Phase::relax : Phase::idle;
    case Phase::relax:
      return Phase::learn;
    case Phase::learn:
      return Phase::idle;
  }
  return Phase::idle;
}

}  // namespace settle
