#include "sim/study/row.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "actors/descriptor.hpp"
#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

std::filesystem::path result_path(const std::filesystem::path& study, std::size_t row) {
  return study_row_directory(study, row) / "result.json";
}

std::filesystem::path failure_path(const std::filesystem::path& study, std::size_t row) {
  return study_row_directory(study, row) / "failure.json";
}

nlohmann::ordered_json columns_of(const Measure& measure, const nlohmann::ordered_json& outcome) {
  for (const auto& item : outcome.items())
    if (std::ranges::find(measure.columns, item.key()) == measure.columns.end())
      throw std::logic_error("measure " + std::string(measure.name) + " has no column " + item.key());
  return outcome.is_null() ? nlohmann::ordered_json::object() : outcome;
}

int measure_row(const StudyPlan& plan, std::size_t row, const MeasureOptions& options) {
  RunConfig config = plan.rows[row].config;
  config.run.directory = study_row_directory(plan.directory, row) / "run";
  config.resolved["run.directory"].text = config.run.directory.string();
  MeasureOutcome outcome;
  std::string status = "ok";
  try {
    outcome = plan.measure->run(config, options);
    if (!outcome.complete) return static_cast<int>(ExitCode::stopped_early);
  } catch (const Diverged& cause) {
    std::fprintf(stderr, "%s\n", cause.what());
    status = "diverged";
  }
  if (!outcome.trace.empty())
    write_file_atomically(study_row_directory(plan.directory, row) / "trace.csv", outcome.trace);
  nlohmann::ordered_json result = {{"schema", 1}, {"status", status}};
  result["results"] = columns_of(*plan.measure, outcome.results);
  result["timings"] = columns_of(*plan.measure, outcome.timings);
  write_file_atomically(result_path(plan.directory, row), result.dump(2) + "\n");
  return 0;
}

int guarded(const StudyPlan& plan, std::size_t row, const MeasureOptions& options) {
  try {
    return measure_row(plan, row, options);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.exit_code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "internal fault: %s\n", error.what());
    return static_cast<int>(ExitCode::internal_fault);
  }
}

}  // namespace

std::filesystem::path study_row_directory(const std::filesystem::path& study, std::size_t row) {
  char name[32];
  std::snprintf(name, sizeof name, "%04zu", row + 1);
  return study / "rows" / name;
}

std::optional<nlohmann::ordered_json> study_row_result(const std::filesystem::path& study, std::size_t row) {
  const std::filesystem::path path = result_path(study, row);
  if (!std::filesystem::exists(path)) return std::nullopt;
  auto result = nlohmann::ordered_json::parse(read_text(path), nullptr, false);
  if (!result.is_object() || !result.contains("status") || !result.contains("results") || !result.contains("timings"))
    throw BadData(path.string() + ": is no result of a row; remove it, and the row is measured again");
  return result;
}

std::string study_row_last_words(const std::filesystem::path& study, std::size_t row) {
  const std::filesystem::path log = study_row_directory(study, row) / "log";
  std::error_code unknown;
  if (!std::filesystem::exists(log, unknown)) return "";
  const std::string text = read_text(log);
  const std::string_view words = trimmed(text);
  return std::string(words.substr(words.rfind('\n') + 1));  // npos + 1 is 0
}

void note_study_row_failure(const std::filesystem::path& study, std::size_t row, int exit_code) {
  const nlohmann::ordered_json failure = {
      {"schema", 1}, {"exit_code", exit_code}, {"message", study_row_last_words(study, row)}};
  constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;  // a log may hold any bytes
  write_file_atomically(failure_path(study, row), failure.dump(2, ' ', false, kReplace) + "\n");
}

std::optional<StudyRowFailure> study_row_failure(const std::filesystem::path& study, std::size_t row) {
  const std::filesystem::path path = failure_path(study, row);
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return std::nullopt;
  const auto failure = nlohmann::json::parse(read_text(path), nullptr, false);
  if (!failure.is_object() || !failure.contains("exit_code") || !failure.contains("message"))
    throw BadData(path.string() + ": does not say how a row failed; remove it");
  return StudyRowFailure{failure.at("exit_code"), failure.at("message")};
}

pid_t start_study_row(const StudyPlan& plan, std::size_t row, const MeasureOptions& options) {
  const std::filesystem::path directory = study_row_directory(plan.directory, row);
  std::error_code cause;
  std::filesystem::create_directories(directory, cause);
  if (cause) throw CannotCreate(directory.string() + ": cannot create: " + cause.message());
  std::filesystem::remove(failure_path(plan.directory, row), cause);
  const Descriptor log(::open((directory / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!log) throw CannotCreate((directory / "log").string() + ": cannot create: " + std::strerror(errno));
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw CannotCreate("a study's row cannot start a process: " + std::string(std::strerror(errno)));
  if (child > 0) return child;
  ::setpgid(0, 0);  // Ctrl-C reaches it once, through the study
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(static_cast<int>(ExitCode::stopped_early));
  ::dup2(log.number(), STDOUT_FILENO);
  ::dup2(log.number(), STDERR_FILENO);
  const int code = guarded(plan, row, options);
  std::fflush(nullptr);
  ::_exit(code);
}

}  // namespace settle
