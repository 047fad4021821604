// Purpose: manifest.json in the folder of a measure that runs no session: config, inputs with their sha256, versions.
// Caller: measures. Thread rule: one caller. Errors: as RunDirectory.
#pragma once

#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"
#include "sim/session/run_setup.hpp"

namespace settle {

template <class Scalar>
void keep_manifest(const RunSetup<Scalar>& setup, const RunConfig& config, const SessionOptions<Scalar>& options) {
  RunDirectory directory(config.run.directory);
  if (directory.manifest()) return;  // of an attempt that was cut off
  directory.write_manifest(run_manifest(config, options.argv, setup.files(), options.versions));
}

}  // namespace settle
