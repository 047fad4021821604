#include "sim/study/study.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <limits>

#include "graph/error.hpp"
#include "sim/allowed_cores.hpp"
#include "sim/progress.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"
#include "sim/stop_signal.hpp"
#include "sim/study/row.hpp"
#include "sim/study/tables.hpp"

namespace settle {
namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What must stay as it is for rows that are done to belong to those that are not.
nlohmann::json manifest_of(const StudyPlan& plan) {
  nlohmann::json rows = nlohmann::json::array();
  for (const StudyRow& row : plan.rows) {
    nlohmann::json texts;
    for (const auto& [key, value] : row.config.resolved)
      if (key != "run.threads" && key != "run.directory" && key != "run.report") texts[key] = value.text;
    rows.push_back({{"values", row.values}, {"config", texts}});
  }
  nlohmann::json config = {{"measure", plan.measure->name}, {"columns", plan.columns}, {"rows", rows}};
  return {{"schema", 1}, {"kind", "study"}, {"config", config}, {"axes", to_json(plan.axes)}};
}

void check_same_study(const nlohmann::json& before, const nlohmann::json& now, const std::string& directory) {
  const std::string remedy = "; set it back, or give another --run.directory";
  if (!is_study(before)) throw BadConfig(directory + ": holds a run and no study; give another --run.directory");
  const nlohmann::json& old_config = before.at("config");
  const nlohmann::json& new_config = now.at("config");
  for (const char* name : {"measure", "columns"})
    if (old_config.at(name) != new_config.at(name))
      throw BadConfig(directory + ": the study's " + name + " was " + old_config.at(name).dump() + " and is " +
                      new_config.at(name).dump() + " now" + remedy);
  const nlohmann::json& old_rows = old_config.at("rows");
  const nlohmann::json& new_rows = new_config.at("rows");
  if (old_rows.size() != new_rows.size())
    throw BadConfig(directory + ": [study] had " + std::to_string(old_rows.size()) + " rows and has " +
                    std::to_string(new_rows.size()) + " now" + remedy);
  for (std::size_t row = 0; row < new_rows.size(); ++row) {
    const std::string place = directory + ": row " + std::to_string(row + 1) + ": ";
    for (const auto& [key, text] : new_rows[row].at("config").items()) {
      const nlohmann::json was = old_rows[row].at("config").value(key, nlohmann::json());
      if (was != text) throw BadConfig(place + key + " was " + was.dump() + " and is " + text.dump() + " now" + remedy);
    }
    if (old_rows[row].at("values") != new_rows[row].at("values"))
      throw BadConfig(place + "[study] gave " + old_rows[row].at("values").dump() + " and gives " +
                      new_rows[row].at("values").dump() + " now" + remedy);
  }
}

class Study {
 public:
  Study(const StudyPlan& plan, const MeasureOptions& options, bool quiet)
      : plan_(plan),
        options_(options),
        directory_(plan.directory),
        progress_(
            stderr_progress_style(quiet),
            [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }, now_seconds) {
    const nlohmann::json manifest = manifest_of(plan);
    const std::optional<nlohmann::json> before = directory_.manifest();
    try {
      if (before) check_same_study(*before, manifest, plan.directory.string());
      if (before != manifest) directory_.write_manifest(manifest);  // other axes draw the same rows
    } catch (const nlohmann::json::exception& error) {
      throw BadData((plan.directory / "manifest.json").string() + ": no manifest of a study: " + error.what());
    }
  }

  ~Study() { stop_rows(); }
  Study(const Study&) = delete;
  Study& operator=(const Study&) = delete;

  StudyOutcome run() {
    std::vector<std::size_t> waiting;
    for (std::size_t row = 0; row < plan_.rows.size(); ++row)
      results_.push_back(study_row_result(plan_.directory, row));
    for (std::size_t row = plan_.rows.size(); row-- > 0;)
      if (!results_[row]) waiting.push_back(row);
    done_ = begun_with_ = plan_.rows.size() - waiting.size();
    write_study_tables(plan_, results_);
    while (!stop_.requested() && !(waiting.empty() && running_.empty())) {
      while (!waiting.empty() && running_.size() < jobs()) {
        running_[start_study_row(plan_, waiting.back(), options_)] = waiting.back();
        waiting.pop_back();
      }
      if (!reap()) ::nanosleep(&kPause, nullptr);  // a signal ends it early
      progress_.update([&] { return progress_line(); });
    }
    stop_rows();
    return outcome();
  }

 private:
  static constexpr timespec kPause{0, 10'000'000};

  std::size_t jobs() const {
    if (plan_.jobs) return *plan_.jobs;
    std::uint32_t threads = 1;
    for (const StudyRow& row : plan_.rows) threads = std::max(threads, row.config.run.threads);
    return std::max(1U, allowed_cores() / threads);
  }

  // Whether a row has ended meanwhile.
  bool reap() {
    bool any = false;
    for (auto entry = running_.begin(); entry != running_.end();) {
      int status = 0;
      if (::waitpid(entry->first, &status, WNOHANG) != entry->first) {
        ++entry;
        continue;
      }
      const std::size_t row = entry->second;
      entry = running_.erase(entry);
      ended(row, status);
      any = true;
    }
    return any;
  }

  void ended(std::size_t row, int status) {
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code == 0) {
      ++done_;
      results_[row] = study_row_result(plan_.directory, row);
      write_study_tables(plan_, results_);
      return;
    }
    if (stopping_ || stop_.requested()) return;
    failures_.emplace(row, code);
    note_study_row_failure(plan_.directory, row, code);
    progress_.note("row " + std::to_string(row + 1) + " failed with exit code " + std::to_string(code) + ", see " +
                   (study_row_directory(plan_.directory, row) / "log").string());
  }

  void stop_rows() {
    stopping_ = true;
    for (const auto& [process, row] : running_) ::kill(process, SIGTERM);
    while (!running_.empty()) {
      const auto [process, row] = *running_.begin();
      int status = 0;
      while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
      }
      running_.erase(process);
      ended(row, status);
    }
  }

  std::string progress_line() const {
    const std::size_t fresh = done_ - begun_with_;
    const std::size_t left = plan_.rows.size() - done_ - failures_.size();
    const double eta = fresh == 0 ? std::numeric_limits<double>::infinity()
                                  : (now_seconds() - started_) / static_cast<double>(fresh) * static_cast<double>(left);
    return "study: " + std::to_string(done_) + "/" + std::to_string(plan_.rows.size()) + " rows, " +
           std::to_string(running_.size()) + " running, " + duration_text(eta) + " left";
  }

  StudyOutcome outcome() const {
    StudyOutcome outcome;
    outcome.rows = plan_.rows.size();
    outcome.failed = failures_.size();
    outcome.complete = done_ + failures_.size() == plan_.rows.size();
    for (const auto& result : results_)
      if (result && result->at("status") == "diverged") ++outcome.diverged;
    if (!failures_.empty()) outcome.exit_code = failures_.begin()->second;
    return outcome;
  }

  const StudyPlan& plan_;
  const MeasureOptions& options_;
  StopSignal stop_;
  RunDirectory directory_;
  Progress progress_;
  StudyResults results_;
  std::map<pid_t, std::size_t> running_;
  std::map<std::size_t, int> failures_;  // exit code by row
  std::size_t done_ = 0;
  std::size_t begun_with_ = 0;
  double started_ = now_seconds();
  bool stopping_ = false;
};

}  // namespace

StudyOutcome run_study(const StudyPlan& plan, const MeasureOptions& options, bool quiet) {
  return Study(plan, options, quiet).run();
}

}  // namespace settle
