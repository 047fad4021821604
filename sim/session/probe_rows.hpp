// Purpose: what the probes of a run write into metrics.jsonl of the trial that was the last, a row each:
//   {"kind": "energy", "trial", "vertices": [{"vertex", "energy"}]}              of computed vertices
//   {"kind": "staleness", "trial", "slot_ages", "virtual_time" where it runs so}
//   {"kind": "vertices", "trial", "vertices": [{"vertex", "acts", "messages", "bytes"}]}
//   {"kind": "fidelity", "trial", "vertices": [{"vertex", "received", "relative_error", "cosine", and "predicted" where
//    the closed form says}]}
// Caller: the session, between runs of its executor. Thread rule: as the executor. Errors: the executor's.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "sim/session/fidelity.hpp"
#include "sim/session/run_setup.hpp"

namespace settle {

template <class Scalar>
nlohmann::json energy_row(RunSetup<Scalar>& model, std::uint64_t trial);
template <class Scalar>
nlohmann::json staleness_row(RunSetup<Scalar>& model, std::uint64_t trial);
template <class Scalar>
nlohmann::json vertices_row(RunSetup<Scalar>& model, std::uint64_t trial);

nlohmann::json fidelity_row(const Graph& graph, std::uint64_t trial, std::span<const VertexFidelity> fidelities);

}  // namespace settle
