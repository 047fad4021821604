// Purpose: a file system on which the program stops at a chosen step, and with it, where wanted, the power: what was
// not yet durable (content without fsync, entries without an fsync of their directory) is then lost or torn.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "sim/file_system.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {

struct Stopped {};  // no std::exception: nothing in the program may handle the end of the program

class FailingFileSystem final : public FileSystem {
 public:
  enum class Kind { crash, power_cut };

  static constexpr std::size_t kNever = SIZE_MAX;

  // Stops in the step of that number, from 0. What is durable is only kept account of: nothing waits for a disk.
  FailingFileSystem(std::size_t stop_at, Kind kind) : stop_at_(stop_at), kind_(kind) {}

  std::size_t steps() const noexcept { return steps_; }

  Descriptor create(const std::filesystem::path& path) override {
    step();
    torn_.insert(path);
    if (!std::filesystem::exists(path)) entries_.push_back({.path = path});
    return FileSystem::create(path);
  }
  void write(const Descriptor& file, std::span<const std::byte> bytes, const std::filesystem::path& path) override {
    if (steps_ == stop_at_) FileSystem::write(file, bytes.first(bytes.size() / 2), path);
    step();
    FileSystem::write(file, bytes, path);
  }
  void sync(const Descriptor& file, const std::filesystem::path& path) override {
    static_cast<void>(file);
    step();
    torn_.erase(path);
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    step();
    std::optional<std::string> before;
    if (std::filesystem::exists(to)) before = get(to);
    FileSystem::rename(from, to);
    std::set<std::filesystem::path> torn;
    for (const auto& path : torn_) torn.insert(moved(path, from, to));
    torn_ = std::move(torn);
    entries_.push_back({to, from, before});
  }
  void sync_directory(const std::filesystem::path& directory) override {
    step();
    std::vector<Entry> left;
    for (Entry& entry : entries_) {
      std::error_code gone;
      if (!std::filesystem::equivalent(entry.path.parent_path(), directory, gone)) {
        left.push_back(std::move(entry));
      } else if (entry.from) {
        for (Entry& earlier : left) earlier.path = moved(earlier.path, *entry.from, entry.path);
      }
    }
    entries_ = std::move(left);
  }
  void make_directory(const std::filesystem::path& directory) override {
    step();
    if (!std::filesystem::exists(directory)) entries_.push_back({.path = directory});
    FileSystem::make_directory(directory);
  }
  void remove(const std::filesystem::path& path) override {
    step();
    FileSystem::remove(path);
  }

 private:
  // A file or directory that was made or renamed, and may not be there under this name after a power cut.
  struct Entry {
    std::filesystem::path path;
    std::optional<std::filesystem::path> from = {};
    std::optional<std::string> before = {};  // content of the file that it replaced
  };

  static std::filesystem::path moved(const std::filesystem::path& path, const std::filesystem::path& from,
                                     const std::filesystem::path& to) {
    const std::filesystem::path inside = path.lexically_relative(from);
    if (inside.empty() || *inside.begin() == "..") return path;
    return inside == "." ? to : to / inside;
  }

  void step() {
    if (stopped_) throw Stopped{};
    if (steps_++ != stop_at_) return;
    stopped_ = true;
    if (kind_ == Kind::power_cut) cut_power();
    throw Stopped{};
  }

  void cut_power() {
    for (const auto& path : torn_)
      if (std::filesystem::exists(path)) std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      if (entry->from && std::filesystem::exists(entry->path))
        std::filesystem::rename(entry->path, *entry->from);
      else
        std::filesystem::remove_all(entry->path);
      if (entry->before) put(entry->path, *entry->before);
    }
  }

  std::size_t stop_at_;
  Kind kind_;
  std::size_t steps_ = 0;
  bool stopped_ = false;
  std::set<std::filesystem::path> torn_;
  std::vector<Entry> entries_;
};

}  // namespace settle
