// Purpose: what `run` and `launch` share: a session, alone or with other hosts, and its result on stdout. Thread rule:
// the main thread.
#pragma once

#include "sim/config/run_config.hpp"
#include "tools/hosts/party.hpp"
#include "tools/training_arguments.hpp"

namespace settle {

// `others`: of a run over several hosts (config.run.hosts). Returns the exit code.
int run_training(const RunConfig& config, const Arguments& arguments, const TrainingArguments& parsed,
                 const PartyOptions& others);

}  // namespace settle
