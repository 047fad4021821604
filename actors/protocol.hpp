// Purpose: what travels between vertices, and the order of a trial's phases.
//   value     parent -> child    the parent's value
//   feedback  child  -> parent   (dz / d parent)^T xi
// Control (begin a phase) comes from the coordinator through the hosts. Parameters never cross an edge, except the
// value of a `parameter` vertex. Thread rule: value types; payloads are immutable.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string_view>

#include "graph/payload.hpp"
#include "graph/trial.hpp"

namespace settle {

enum class Phase : std::uint8_t { idle, predict, relax, learn };

std::string_view phase_name(Phase phase);

// Names one phase of one trial. A vertex enters it on the coordinator's word or on the first message that carries it.
struct Stamp {
  std::uint64_t trial = 0;
  Phase phase = Phase::idle;
  friend auto operator<=>(const Stamp&, const Stamp&) = default;
};

enum class MessageKind : std::uint8_t { value, feedback };

template <class Scalar>
struct Message {
  Stamp stamp;
  MessageKind kind = MessageKind::value;
  bool token = false;         // no tensor is due: lockstep's step alone, or feedback that only says what was heard
  std::uint16_t heard = 0;    // asynchronous feedback: how many values of the receiver's its sender had, modulo 2^16
  Slot slot = 0;              // of the edge, at the receiver
  std::uint32_t version = 0;  // lockstep: the step; asynchronous: how many reports the sender made before on this edge
  float gain = -1;         // of the feedback's sender where rates follow curvature (graph/curvature.hpp), else negative
  Payload<Scalar> tensor;  // null: zeros
};

struct Begin {
  Stamp stamp;
  std::shared_ptr<const Trial> trial;
};

// The phase after `phase`; idle after the last. Every trial predicts; one that relaxes also ends with learn, in which
// energies are taken and, if asked, parameters move.
Phase next_phase(Phase phase, const Trial& trial);

}  // namespace settle
