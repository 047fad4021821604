#include "sim/checkpoint.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <system_error>
#include <vector>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/checkpoint_manifest.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

constexpr const char* kShard = "host-0.npz";

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

template <class Scalar>
Checkpoint<Scalar> load(const std::filesystem::path& path) {
  CheckpointManifest manifest = CheckpointManifest::read(path);
  if (manifest.scalar != scalar_name<Scalar>())
    throw BadData(path.string() + ": holds " + manifest.scalar + ", this run computes in " + scalar_name<Scalar>());
  Checkpoint<Scalar> checkpoint{manifest.trial, std::move(manifest.progress), {}};
  for (const CheckpointShard& shard : manifest.shards) {
    const std::vector<std::byte> content = read_shard(path, shard);
    const NpzReader reader(content, (path / shard.file).string());
    for (const std::string& name : reader.names()) checkpoint.tensors[name] = reader.read(name).template to<Scalar>();
  }
  return checkpoint;
}

}  // namespace

CheckpointStore::CheckpointStore(std::filesystem::path directory, std::size_t keep, Warn warn, FileSystem& files)
    : directory_(std::move(directory)), keep_(keep), warn_(std::move(warn)), files_(files) {
  assert(keep_ >= 1);
}

template <class Scalar>
void CheckpointStore::save(std::uint64_t trial, const NamedViews<Scalar>& tensors, const nlohmann::json& progress) {
  const std::vector<std::byte> shard = npz_bytes(tensors);
  const CheckpointManifest manifest{trial, scalar_name<Scalar>(), {{kShard, shard.size(), sha256_of(shard)}}, progress};
  std::filesystem::path path = directory_ / entry_name(trial, 0);
  for (std::uint64_t attempt = 1; std::filesystem::exists(path); ++attempt)
    path = directory_ / entry_name(trial, attempt);

  if (!std::filesystem::exists(directory_)) {
    files_.make_directory(directory_);
    files_.sync_directory(directory_ / "..");
  }
  files_.make_directory(path);
  files_.sync_directory(directory_);
  write_file_atomically(path / kShard, shard, files_);
  write_file_atomically(path / CheckpointManifest::kFileName, manifest.to_text(), files_);
  verdicts_[path] = true;
  prune();
}

template <class Scalar>
std::optional<Checkpoint<Scalar>> CheckpointStore::load_latest() {
  for (const Entry& entry : entries_of(directory_)) {
    try {
      Checkpoint<Scalar> checkpoint = load<Scalar>(entry.path);
      verdicts_[entry.path] = true;
      return checkpoint;
    } catch (const Error& error) {
      verdicts_[entry.path] = false;
      warn_("checkpoint refused: " + std::string(error.what()));
    }
  }
  return std::nullopt;
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
    for (const CheckpointShard& shard : CheckpointManifest::read(checkpoint).shards) read_shard(checkpoint, shard);
  } catch (const Error&) {
    valid = false;
  }
  return verdicts_[checkpoint] = valid;
}

template void CheckpointStore::save(std::uint64_t, const NamedViews<float>&, const nlohmann::json&);
template void CheckpointStore::save(std::uint64_t, const NamedViews<double>&, const nlohmann::json&);
template std::optional<Checkpoint<float>> CheckpointStore::load_latest();
template std::optional<Checkpoint<double>> CheckpointStore::load_latest();

}  // namespace settle
