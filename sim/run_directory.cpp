#include "sim/run_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

constexpr const char* kLock = "lock";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kResult = "result.json";
constexpr const char* kTraces = "traces";
constexpr int kMetricsSchema = 1;

Descriptor open_or_create(const std::filesystem::path& path, int flags) {
  Descriptor file(::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666));
  if (!file) throw CannotCreate(path.string() + ": cannot create: " + std::strerror(errno));
  return file;
}

// A lock comes first into a run directory and holds nothing but a process id; a manifest is there in a copy without it.
bool is_ours(const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path / kLock))
    return read_text(path / kLock).find_first_not_of("0123456789\n") == std::string::npos;
  if (!std::filesystem::is_regular_file(path / kManifest)) return false;
  const auto manifest = nlohmann::json::parse(read_text(path / kManifest), nullptr, false);
  return manifest.is_object() && manifest.contains("schema") && manifest.contains("config");
}

void refuse_foreign(const std::filesystem::path& path) {
  std::error_code cause;
  const bool empty = std::filesystem::is_empty(path, cause);
  if (cause) throw CannotCreate(path.string() + ": cannot be used as a run directory: " + cause.message());
  if (empty || is_ours(path)) return;
  throw CannotCreate(path.string() + ": is not empty and no run directory of settle; give another --run.directory");
}

std::string holder_of(const Descriptor& lock) {
  std::array<char, 32> text{};
  const ssize_t count = ::pread(lock.number(), text.data(), text.size(), 0);
  const std::string_view pid(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  return pid.empty() ? "another process" : "process " + std::string(pid.substr(0, pid.find('\n')));
}

// A lock of the open file description, which others can ask about without taking it.
struct flock whole_file() {
  return {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
}

Descriptor take_lock(const std::filesystem::path& directory, FileSystem& files) {
  const std::filesystem::path path = directory / kLock;
  Descriptor lock = open_or_create(path, O_RDWR);
  struct flock wanted = whole_file();
  if (::fcntl(lock.number(), F_OFD_SETLK, &wanted) != 0) {
    if (errno != EAGAIN && errno != EACCES)
      throw CannotCreate(path.string() + ": this file system grants no lock: " + std::strerror(errno));
    throw CannotCreate(directory.string() + ": a run is going on here (" + holder_of(lock) +
                       "); wait for it, or give another --run.directory");
  }
  if (::ftruncate(lock.number(), 0) != 0) throw CannotWrite(path.string() + ": cannot write: " + std::strerror(errno));
  const std::string pid = std::to_string(::getpid()) + "\n";
  files.write(lock, std::as_bytes(std::span(pid)), path);
  return lock;
}

std::optional<nlohmann::json> read_json(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  try {
    return nlohmann::json::parse(read_text(path));
  } catch (const nlohmann::json::exception& error) {
    throw BadData(path.string() + ": no sound JSON: " + error.what());
  }
}

// How many bytes of `metrics` are whole rows of trials up to `trial`. Row by row: those of a long run are many.
std::uint64_t kept_bytes(std::istream& metrics, std::uint64_t trial) {
  std::uint64_t kept = 0;
  for (std::string line; std::getline(metrics, line) && !metrics.eof(); kept += line.size() + 1) {
    const auto row = nlohmann::json::parse(line, nullptr, false);
    if (!row.is_object()) break;
    const auto of_trial = row.find("trial");
    if (of_trial != row.end() && (!of_trial->is_number_unsigned() || of_trial->get<std::uint64_t>() > trial)) break;
  }
  return kept;
}

}  // namespace

std::optional<nlohmann::json> read_run_manifest(const std::filesystem::path& run_directory) {
  return read_json(run_directory / kManifest);
}

bool is_held(const std::filesystem::path& run_directory) {
  const Descriptor lock(::open((run_directory / kLock).c_str(), O_RDONLY | O_CLOEXEC));
  struct flock asked = whole_file();
  return lock && ::fcntl(lock.number(), F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
}

std::optional<nlohmann::json> read_run_result(const std::filesystem::path& run_directory) {
  return read_json(run_directory / kResult);
}

RunDirectory::RunDirectory(std::filesystem::path path, FileSystem& files) : path_(std::move(path)), files_(files) {
  files_.make_directory(path_);
  refuse_foreign(path_);
  lock_ = take_lock(path_, files_);
}

std::optional<nlohmann::json> RunDirectory::manifest() const { return read_run_manifest(path_); }

void RunDirectory::write_manifest(const nlohmann::json& manifest) {
  write_file_atomically(path_ / kManifest, manifest.dump(2) + "\n", files_);
}

std::optional<nlohmann::json> RunDirectory::result() const { return read_run_result(path_); }

void RunDirectory::write_result(const nlohmann::json& result) {
  write_file_atomically(path_ / kResult, result.dump(2) + "\n", files_);
}

void RunDirectory::write_trace(std::uint64_t trial, const std::string& csv) {
  files_.make_directory(path_ / kTraces);
  write_file_atomically(path_ / kTraces / (std::to_string(trial) + ".csv"), csv, files_);
}

void RunDirectory::append_metrics(nlohmann::json row) {
  if (!metrics_) metrics_ = open_or_create(metrics_path(), O_WRONLY | O_APPEND);
  row["schema"] = kMetricsSchema;
  const std::string line = row.dump() + "\n";
  files_.write(metrics_, std::as_bytes(std::span(line)), metrics_path());
}

void RunDirectory::sync_metrics() {
  if (metrics_) files_.sync(metrics_, metrics_path());
}

void RunDirectory::cut_metrics_after(std::uint64_t trial) {
  const std::filesystem::path path = metrics_path();
  if (!std::filesystem::exists(path)) return;
  std::ifstream rows(path, std::ios::binary);
  if (!rows) throw BadData(path.string() + ": cannot be read: " + std::strerror(errno));
  const std::uint64_t kept = kept_bytes(rows, trial);
  if (rows.bad()) throw BadData(path.string() + ": cannot be read to its end");
  if (kept == std::filesystem::file_size(path)) return;
  if (!metrics_) metrics_ = open_or_create(path, O_WRONLY | O_APPEND);
  if (::ftruncate(metrics_.number(), static_cast<off_t>(kept)) != 0)
    throw CannotWrite(path.string() + ": cannot write: " + std::strerror(errno));
  files_.sync(metrics_, path);
}

}  // namespace settle
