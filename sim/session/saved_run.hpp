// Purpose: what a run has left for who uses its model: `eval`, `sample`, the measures of studies. Thread rule: one
// caller.
#pragma once

#include <span>

#include "actors/executor.hpp"
#include "sim/checkpoint.hpp"
#include "sim/config/run_config.hpp"
#include "sim/dataset.hpp"

namespace settle {

// The newest valid checkpoint of config.run.directory; what is wrong with newer ones goes to stderr. `purpose`:
// "evaluate". Errors: MissingInput where there is none.
template <class Scalar>
Checkpoint<Scalar> newest_checkpoint(const RunConfig& config, const std::string& purpose);

// Errors: BadData naming the checkpoint where its tensors are not those of the model.
template <class Scalar>
void restore_checkpoint(Executor<Scalar>& executor, const Checkpoint<Scalar>& saved);

// Errors: BadData naming a file that is not what the run was made from. A run without a manifest may have any.
void check_inputs_of_run(const RunConfig& config, std::span<const InputFile> inputs);

}  // namespace settle
