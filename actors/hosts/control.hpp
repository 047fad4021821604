// Purpose: what coordinator and hosts say to each other. Of a phase the coordinator sends each host one `begin` and
// mostly one `wave`, and hears `idle` and `answer`: nothing grows with vertices or steps but, between runs, state.
// Thread rule: value types; `encoded` and `decoded` (coding.hpp) are pure.
#pragma once

#include <exception>

#include "actors/hosts/coding.hpp"
#include "actors/hosts/rest.hpp"
#include "actors/inspectable.hpp"
#include "actors/phase_end.hpp"

namespace settle {

enum class ControlKind : std::uint16_t {
  begin = 1,  // coordinator -> host: BeginOrder
  idle,       // host -> coordinator: IdleNotice
  wave,       // coordinator -> host: u64, its number
  answer,     // host -> coordinator: WaveAnswer
  query,      // coordinator -> host, between runs: Query
  reply,      // host -> coordinator: Reply
  failed,     // host -> coordinator: Failure; nothing more of this run will come from there
  leave,      // coordinator -> host: the run is over
  inspect,    // coordinator -> host, at any time: Inspection; what is replied to it waits for no vertex
};

struct BeginOrder {
  Stamp stamp;
  std::uint64_t trial = 0;
  std::vector<std::uint32_t> samples;
  std::vector<VertexId> clamped;
  bool relax = true;
  LearnMode learn = LearnMode::update;
};

struct IdleNotice {
  Stamp stamp;
  HostCounts counts;
};

template <class Scalar>
struct WaveAnswer {
  std::uint64_t wave = 0;
  std::optional<HostCounts> counts;  // nothing: busy
  PhaseReport<Scalar> report;        // where it is not
};

struct Failure {
  ExitCode code = ExitCode::internal_fault;
  std::string message;
};
// What was thrown. Requires: a std::exception.
Failure to_failure(const std::exception_ptr& cause);

struct Query {
  enum class What : std::uint8_t {
    observe,    // Tensor of `vertex`
    gradients,  // vector<Tensor> of `vertex`
    save,       // State
    restore,    // nothing
    restore_partially,
    ages,     // vector<u64>, as AgeHistogram
    reports,  // map of VertexReport by VertexId, of the host's own
    keep,     // what its keeper answers (executor.hpp)
  };
  std::uint64_t number = 0;
  What what = What::observe;
  VertexId vertex = 0;
  Quantity quantity = Quantity::value;
  Bytes content;  // of restore: State, of keep: the order
};

struct Inspection {
  enum class What : std::uint8_t {
    stacks,    // vector<string>, as Inspectable::stacks of that host
    activity,  // HostActivity
  };
  std::uint64_t number = 0;
  What what = What::stacks;
};

// To a Query or an Inspection.
struct Reply {
  std::uint64_t number = 0;
  std::optional<Failure> failure;
  Bytes content;
};

void code(auto& coder, Stamp& it) { coder(it.trial, it.phase); }
void code(auto& coder, HostCounts& it) { coder(it.sent, it.received); }
void code(auto& coder, BeginOrder& it) { coder(it.stamp, it.trial, it.samples, it.clamped, it.relax, it.learn); }
void code(auto& coder, IdleNotice& it) { coder(it.stamp, it.counts); }
template <class Scalar>
void code(auto& coder, TrialReport<Scalar>& it) {
  coder(it.loss, it.free_energy, it.messages, it.bytes, it.acts, it.unsettled, it.diverged, it.predictions);
}
template <class Scalar>
void code(auto& coder, PhaseReport<Scalar>& it) {
  coder(it.sum, it.refused, it.unfinished);
}
template <class Scalar>
void code(auto& coder, WaveAnswer<Scalar>& it) {
  coder(it.wave, it.counts, it.report);
}
void code(auto& coder, VertexReport& it) {
  coder(it.completed, it.loss, it.energy, it.messages, it.bytes, it.acts, it.unsettled, it.diverged, it.refused);
}
void code(auto& coder, Failure& it) { coder(it.code, it.message); }
void code(auto& coder, Query& it) { coder(it.number, it.what, it.vertex, it.quantity, it.content); }
void code(auto& coder, Inspection& it) { coder(it.number, it.what); }
// Times mean nothing on another machine.
void code(auto& coder, PeerCounters& it) {
  coder(it.bytes_sent, it.bytes_received, it.messages_sent, it.messages_received, it.queued_messages, it.queued_bytes,
        it.credit);
}
void code(auto& coder, HostActivity& it) {
  coder(it.host, it.answered, it.vertices, it.phase, it.handled, it.outstanding, it.traffic);
}
void code(auto& coder, Reply& it) { coder(it.number, it.failure, it.content); }

}  // namespace settle
