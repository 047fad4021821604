// Purpose: one row of a study in a process of its own: rows/NNNN/log (stdout and stderr), rows/NNNN/run (what the
// measure keeps), rows/NNNN/trace.csv where the measure makes one, rows/NNNN/result.json (whole or not there: the row
// is done), rows/NNNN/failure.json (why it failed last; gone once it is started again). Callers: study.cpp, the study
// report. Thread rule: the calling process has one thread, since it forks.
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "sim/study/plan.hpp"

namespace settle {

std::filesystem::path study_row_directory(const std::filesystem::path& study, std::size_t row);

// {"status": "ok" or "diverged", "results": {}, "timings": {}}; none where the row is not done. Errors: BadData.
std::optional<nlohmann::ordered_json> study_row_result(const std::filesystem::path& study, std::size_t row);

// What its log says last; empty where it says nothing.
std::string study_row_last_words(const std::filesystem::path& study, std::size_t row);

struct StudyRowFailure {
  int exit_code = 0;  // 128 and the signal where one ended it
  std::string message;
};

// Keeps the exit code and the last words. Errors: CannotWrite.
void note_study_row_failure(const std::filesystem::path& study, std::size_t row, int exit_code);
// None where it has not failed since it was started last. Errors: BadData.
std::optional<StudyRowFailure> study_row_failure(const std::filesystem::path& study, std::size_t row);

// The process ends with the exit code of `settle run`, 0 too where the row diverged, which is a result.
// It ends with its parent. Errors: CannotCreate.
pid_t start_study_row(const StudyPlan& plan, std::size_t row, const MeasureOptions& options);

}  // namespace settle
