#include "sim/session/saved_run.hpp"

#include <cstdio>

#include "graph/error.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"

namespace settle {

template <class Scalar>
Checkpoint<Scalar> newest_checkpoint(const RunConfig& config, const std::string& purpose) {
  CheckpointStore checkpoints(
      config.run.directory / "checkpoints", config.checkpoint.keep,
      [](const std::string& warning) { std::fprintf(stderr, "warning: %s\n", warning.c_str()); });
  auto saved = checkpoints.template load_latest<Scalar>();
  if (!saved) throw MissingInput(config.run.directory.string() + " has no checkpoint to " + purpose + ": run it first");
  return std::move(*saved);
}

template <class Scalar>
void restore_checkpoint(Executor<Scalar>& executor, const Checkpoint<Scalar>& saved) {
  try {
    executor.restore(saved.tensors, false);
  } catch (const Error& error) {
    if (error.exit_code() != ExitCode::bad_data) throw;
    throw BadData(saved.path.string() + ": " + error.what() + "; without this checkpoint the one before it is used");
  }
}

void check_inputs_of_run(const RunConfig& config, std::span<const InputFile> inputs) {
  if (const std::optional<nlohmann::json> manifest = read_run_manifest(config.run.directory))
    check_same_inputs(*manifest, inputs, (config.run.directory / "manifest.json").string());
}

template Checkpoint<float> newest_checkpoint(const RunConfig&, const std::string&);
template Checkpoint<double> newest_checkpoint(const RunConfig&, const std::string&);
template void restore_checkpoint(Executor<float>&, const Checkpoint<float>&);
template void restore_checkpoint(Executor<double>&, const Checkpoint<double>&);

}  // namespace settle
