#include "tools/hosts/worker_processes.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "graph/error.hpp"
#include "sim/child_process.hpp"
#include "sim/file_system.hpp"
#include "tools/hosts/say.hpp"

namespace settle {

WorkerProcesses::~WorkerProcesses() {
  constexpr std::chrono::seconds kGrace{5};
  const auto until = std::chrono::steady_clock::now() + kGrace;
  while (!processes_.empty())
    end(processes_.begin()->first,
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()),
                 std::chrono::milliseconds(0)));
}

void WorkerProcesses::start(HostId rank, const std::vector<std::string>& words) {
  if (processes_.contains(rank)) return;
  const std::filesystem::path log = host_log(run_directory_, rank);
  FileSystem::system().make_directory(log.parent_path());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const char* const program = "/proc/self/exe";  // this very build, also where its file is another one by now
  std::vector<std::string> all = {"settle", "worker", "--rank", std::to_string(rank)};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = ::posix_spawn(&child, program, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw CannotCreate("host " + std::to_string(rank) + " cannot be started: " + std::strerror(failure));
  processes_[rank] = child;
}

std::vector<std::string> WorkerProcesses::ended() {
  std::vector<std::string> texts;
  for (auto next = processes_.begin(); next != processes_.end();) {
    const auto [rank, process] = *next++;
    int status = 0;
    if (::waitpid(process, &status, WNOHANG) != process) continue;
    texts.push_back(end_of(rank, process, status));
    processes_.erase(rank);
  }
  return texts;
}

std::string WorkerProcesses::end(HostId rank, std::chrono::milliseconds patience) {
  const auto found = processes_.find(rank);
  if (found == processes_.end()) return "";
  int status = 0;
  ends_in_time(found->second, patience, status);
  const std::string text = end_of(rank, found->second, status);
  processes_.erase(found);
  return text;
}

std::string WorkerProcesses::end_of(HostId rank, pid_t process, int status) const {
  return "host " + std::to_string(rank) + ": process " + std::to_string(process) + " " + end_in_words(status) +
         "; its log: " + host_log(run_directory_, rank).string();
}

}  // namespace settle
