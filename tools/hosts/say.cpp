#include "tools/hosts/say.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <mutex>

#include "actors/descriptor.hpp"
#include "graph/error.hpp"
#include "sim/file_system.hpp"

namespace settle {
namespace {

std::mutex mutex;
Descriptor log_file;  // under it

}  // namespace

void say(const std::string& text) {
  const std::string line = "settle: " + text + "\n";
  std::cerr << line << std::flush;
  add_to_log(line);
}

std::filesystem::path host_log(const std::filesystem::path& run_directory, HostId rank) {
  return run_directory / "logs" / ("host-" + std::to_string(rank) + ".log");
}

void keep_log(const std::filesystem::path& run_directory, HostId rank) {
  const std::filesystem::path path = host_log(run_directory, rank);
  try {
    FileSystem::system().make_directory(path.parent_path());
  } catch (const Error& error) {
    return say("warning: there is no log: " + std::string(error.what()));
  }
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!file) return say("warning: " + path.string() + ": there is no log: " + std::strerror(errno));
  const std::lock_guard lock(mutex);
  log_file = std::move(file);
}

void add_to_log(const std::string& line) {
  const std::lock_guard lock(mutex);
  if (log_file && ::write(log_file.number(), line.data(), line.size()) < 0) log_file.close();  // a full disk
}

}  // namespace settle
