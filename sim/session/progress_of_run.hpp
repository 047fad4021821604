// Purpose: how far a run is, in the form that a checkpoint keeps: everything beside the vertices' state that the rest
// of the run depends on. Thread rule: a value type.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "sim/session/score.hpp"

namespace settle {

struct RunProgress {
  std::uint64_t trials = 0;    // done
  Score epoch;                 // of the training trials of the present epoch
  Score last_epoch;            // of the last whole one
  std::uint64_t messages = 0;  // between vertices, in training
  double seconds = 0;          // spent on the run, over all its parts
};

nlohmann::json to_json(const RunProgress& progress);
// Errors: BadData where a member is missing.
RunProgress run_progress_from_json(const nlohmann::json& json);

}  // namespace settle
