#include "tools/hosts/worker_processes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "graph/error.hpp"
#include "sim/file_system.hpp"

namespace settle {
namespace {

constexpr std::chrono::seconds kGrace{5};

std::string how(int status) {
  if (WIFSIGNALED(status))
    return "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

WorkerProcesses::~WorkerProcesses() {
  const auto until = std::chrono::steady_clock::now() + kGrace;
  while (!processes_.empty() && std::chrono::steady_clock::now() < until) {
    ended();
    if (!processes_.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (const auto& [rank, process] : processes_) {
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
  }
}

void WorkerProcesses::start(HostId rank, const std::filesystem::path& rendezvous) {
  if (processes_.contains(rank)) return;
  FileSystem::system().make_directory(logs_);
  const std::string log = log_of(rank).string();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  std::vector<std::string> words = {"settle", "worker", "--join", rendezvous.string(), "--rank", std::to_string(rank)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw CannotCreate("host " + std::to_string(rank) + " cannot be started: " + std::strerror(failure));
  processes_[rank] = child;
}

void WorkerProcesses::end(HostId rank) {
  const auto found = processes_.find(rank);
  if (found == processes_.end()) return;
  ::kill(found->second, SIGKILL);
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(found->second), &ended, WEXITED | WNOWAIT);  // `ended()` tells of it
}

std::map<HostId, std::string> WorkerProcesses::ended() {
  std::map<HostId, std::string> texts;
  for (auto next = processes_.begin(); next != processes_.end();) {
    const auto [rank, process] = *next++;
    int status = 0;
    if (::waitpid(process, &status, WNOHANG) != process) continue;
    processes_.erase(rank);
    texts[rank] = "host " + std::to_string(rank) + ": process " + std::to_string(process) + " " + how(status) +
                  "; its log: " + log_of(rank).string();
  }
  return texts;
}

}  // namespace settle
