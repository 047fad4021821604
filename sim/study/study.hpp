// Purpose: runs the rows of a study that are not done yet, several at once, each in a process of its own, and keeps
// results.csv and timing.csv up to date. The same plan again goes on where it stopped. Caller: the command `study`.
// Thread rule: the calling process has one thread.
// Errors: BadConfig where the directory's study was another one; CannotCreate where another process runs it.
#pragma once

#include "sim/study/plan.hpp"

namespace settle {

struct StudyOutcome {
  bool complete = false;  // false: a stop signal came
  std::size_t rows = 0;
  std::size_t diverged = 0;
  std::size_t failed = 0;
  int exit_code = 0;  // of the first row that failed
};

StudyOutcome run_study(const StudyPlan& plan, const MeasureOptions& options, bool quiet);

}  // namespace settle
