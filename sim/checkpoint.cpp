#include "sim/checkpoint.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <string_view>
#include <system_error>

#include "graph/error.hpp"
#include "sim/checkpoint_manifest.hpp"
#include "sim/checkpoint_shard.hpp"
#include "sim/random_token.hpp"

namespace settle {
namespace {

constexpr std::string_view kUnfinished = ".tmp";

template <class Scalar>
constexpr const char* scalar_name() {
  return sizeof(Scalar) == sizeof(float) ? "float32" : "float64";
}

// A checkpoint's directory: "TRIAL" or "TRIAL-ATTEMPT". The order is by age.
struct Entry {
  std::uint64_t trial = 0;
  std::uint64_t attempt = 0;
  std::filesystem::path path;

  friend bool operator>(const Entry& a, const Entry& b) {
    return a.trial != b.trial ? a.trial > b.trial : a.attempt > b.attempt;
  }
};

std::string entry_name(std::uint64_t trial, std::uint64_t attempt) {
  std::string digits = std::to_string(trial);
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, '0');
  return attempt == 0 ? digits : digits + "-" + std::to_string(attempt);
}

bool parse_number(std::string_view text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Newest first; whatever else lies there is none of ours.
std::vector<Entry> entries_of(const std::filesystem::path& directory) {
  std::vector<Entry> entries;
  std::error_code none;
  for (const auto& found : std::filesystem::directory_iterator(directory, none)) {
    const std::string name = found.path().filename().string();
    const std::size_t dash = name.find('-');
    Entry entry;
    entry.path = found.path();
    if (!parse_number(std::string_view(name).substr(0, dash), entry.trial)) continue;
    if (dash != std::string::npos && !parse_number(std::string_view(name).substr(dash + 1), entry.attempt)) continue;
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, std::greater<>());
  return entries;
}

// "TRIAL.TOKEN.tmp"
bool is_unfinished(std::string_view name) {
  const std::size_t dot = name.find('.');
  std::uint64_t trial = 0;
  return parse_number(name.substr(0, dot), trial) && name.ends_with(kUnfinished) &&
         name.size() == dot + 1 + kTokenDigits + kUnfinished.size();
}

// A directory that does not outlive this unless it gets its final name.
class Unfinished {
 public:
  Unfinished(std::filesystem::path path, FileSystem& files) : path_(std::move(path)), files_(files) {
    files_.make_directory(path_);
  }
  ~Unfinished() {
    if (finished_) return;
    try {
      files_.remove(path_);
    } catch (...) {
      // The error that brought us here is the one to report.
    }
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  void finish_as(const std::filesystem::path& path) {
    files_.sync_directory(path_);
    files_.rename(path_, path);
    finished_ = true;
    files_.sync_directory(path.parent_path());
  }

 private:
  std::filesystem::path path_;
  FileSystem& files_;
  bool finished_ = false;
};

template <class Scalar>
Checkpoint<Scalar> load(const std::filesystem::path& path) {
  CheckpointManifest manifest = CheckpointManifest::read(path);
  if (manifest.scalar != scalar_name<Scalar>())
    throw BadData(path.string() + ": holds " + manifest.scalar + ", this run computes in " + scalar_name<Scalar>());
  check_shard_names(path, manifest);
  Checkpoint<Scalar> checkpoint{path, manifest.trial, std::move(manifest.progress), {}};
  for (const CheckpointShard& shard : manifest.shards) read_shard(path, shard, checkpoint.tensors);
  return checkpoint;
}

}  // namespace

CheckpointStore::CheckpointStore(std::filesystem::path directory, std::size_t keep, Warn warn, FileSystem& files)
    : directory_(std::move(directory)), keep_(keep), warn_(std::move(warn)), files_(files) {
  assert(keep_ >= 1);
}

template <class Scalar>
void CheckpointStore::save(std::uint64_t trial, const nlohmann::json& progress, const SaveParts& save_parts) {
  if (!std::filesystem::exists(directory_)) {
    files_.make_directory(directory_);
    files_.sync_directory(directory_ / "..");
  }
  remove_unfinished();
  const std::string name = entry_name(trial, 0);
  Unfinished unfinished(
      std::filesystem::absolute(directory_) / (name + "." + random_token() + std::string(kUnfinished)), files_);
  CheckpointManifest manifest{trial, scalar_name<Scalar>(), {}, progress};
  manifest.shards = gather_shards(save_parts(unfinished.path().string()), unfinished.path(), files_);
  const std::string text = manifest.to_text();
  files_.write_durably(unfinished.path() / CheckpointManifest::kFileName, std::as_bytes(std::span(text)));
  std::filesystem::path path = directory_ / name;
  for (std::uint64_t attempt = 1; std::filesystem::exists(path); ++attempt)
    path = directory_ / entry_name(trial, attempt);
  unfinished.finish_as(path);
  verdicts_[path] = true;
  prune();
}

template <class Scalar>
std::optional<Checkpoint<Scalar>> CheckpointStore::load_latest() {
  std::string first;
  for (const Entry& entry : entries_of(directory_)) {
    try {
      Checkpoint<Scalar> checkpoint = load<Scalar>(entry.path);
      verdicts_[entry.path] = true;
      return checkpoint;
    } catch (const Error& error) {
      verdicts_[entry.path] = false;
      warn_("checkpoint refused: " + std::string(error.what()));
      if (first.empty()) first = error.what();
    }
  }
  if (!first.empty())
    throw BadData(directory_.string() + ": none of the checkpoints here can be used (" + first +
                  "); mend one, or move this folder away to begin anew");
  return std::nullopt;
}

void CheckpointStore::remove_unfinished() {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, none))
    if (is_unfinished(entry.path().filename().string())) found.push_back(entry.path());
  for (const std::filesystem::path& path : found) {
    try {
      files_.remove(path);
    } catch (const CannotWrite& error) {
      warn_(error.what());  // nothing depends on it
    }
  }
}

void CheckpointStore::prune() {
  std::size_t kept = 0;
  for (const Entry& entry : entries_of(directory_)) {
    if (kept < keep_ && is_valid(entry.path)) {
      ++kept;
      continue;
    }
    // The manifest first: a checkpoint that is only half gone must not look valid.
    files_.remove(entry.path / CheckpointManifest::kFileName);
    files_.remove(entry.path);
    verdicts_.erase(entry.path);
  }
}

bool CheckpointStore::is_valid(const std::filesystem::path& checkpoint) {
  const auto known = verdicts_.find(checkpoint);
  if (known != verdicts_.end()) return known->second;
  bool valid = true;
  try {
    const CheckpointManifest manifest = CheckpointManifest::read(checkpoint);
    check_shard_names(checkpoint, manifest);
    for (const CheckpointShard& shard : manifest.shards) shard_content(checkpoint, shard);
  } catch (const Error&) {
    valid = false;
  }
  return verdicts_[checkpoint] = valid;
}

template void CheckpointStore::save<float>(std::uint64_t, const nlohmann::json&, const SaveParts&);
template void CheckpointStore::save<double>(std::uint64_t, const nlohmann::json&, const SaveParts&);
template std::optional<Checkpoint<float>> CheckpointStore::load_latest();
template std::optional<Checkpoint<double>> CheckpointStore::load_latest();

}  // namespace settle
