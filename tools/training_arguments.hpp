// Purpose: what `run` and `eval` share: the words of a command split into its own flags, the config's name and the
// config's options, and a session for either precision with executors made here, in the composition root. Thread rule:
// the main thread. Errors: UsageError.
#pragma once

#include <string>
#include <vector>

#include "sim/session/session.hpp"
#include "tools/command.hpp"

namespace settle {

struct TrainingArguments {
  std::string target;                 // CONFIG or RUN_DIR
  std::vector<std::string> settings;  // "--section.key=value"
  bool json = false;
  bool quiet = false;
  bool launcher = true;  // false: --launcher=none
  std::string split = "test";
};

// `flags`: the names the command takes besides settings ("json", "quiet", "split").
TrainingArguments training_arguments(const Arguments& arguments, const std::string& what,
                                     const std::vector<std::string>& flags);

template <class Scalar>
SessionOptions<Scalar> session_options(const Arguments& arguments, const TrainingArguments& parsed);

}  // namespace settle
