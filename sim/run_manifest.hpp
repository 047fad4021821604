// Purpose: what a run was asked to do and where, as the JSON of manifest.json: enough to run it again and to refuse a
// resume under another config. Caller: the session. Thread rule: free functions.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/config/resume.hpp"
#include "sim/config/run_config.hpp"
#include "sim/dataset.hpp"

namespace settle {

// {"schema", "argv", "config": {KEY: {"value", "origin"}}, "seed", "inputs": [{"path", "sha256"}], "versions",
//  "hosts": [{"name", "system", "processor_architecture"}]}
nlohmann::json run_manifest(const RunConfig& config, const std::vector<std::string>& argv,
                            std::span<const InputFile> inputs, const std::map<std::string, std::string>& versions);

// Of a study (sim/study/study.hpp), not of a run.
bool is_study(const nlohmann::json& manifest);
// Errors: BadData naming `place` where it is one.
void refuse_study(const nlohmann::json& manifest, const std::string& place);

// The config of a manifest, to compare with today's. Errors: BadData naming `place`, for a study's too.
ResolvedTexts resolved_texts(const nlohmann::json& manifest, const std::string& place);

// Errors: BadData naming the first input file whose sha256 is not the manifest's.
void check_same_inputs(const nlohmann::json& manifest, std::span<const InputFile> inputs, const std::string& place);

}  // namespace settle
