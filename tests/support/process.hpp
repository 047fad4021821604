// Purpose: another program as a user runs it: its words, its folder and streams, and what came of it. Output goes
// through temporary files, so that no amount of it blocks. Thread rule: any thread.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace settle {

struct ProcessOptions {
  std::filesystem::path folder = {};                    // it starts in; empty: this process's
  std::map<std::string, std::string> environment = {};  // set besides this process's own
  std::string output = {};                              // a file that its stdout goes to, as /dev/full
  bool closed_output = false;                           // it starts without a stdout
};

struct ProcessResult {
  int exit_code = -1;  // 128 + the signal that ended it, as a shell says it
  std::string out;
  std::string err;
  long peak_kilobytes = 0;  // of its resident memory
};

namespace process_detail {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

inline File temporary() {
  File file(std::tmpfile());
  if (!file) throw std::runtime_error("cannot make a temporary file");
  return file;
}

inline std::string content(const File& file) {
  std::string text;
  std::rewind(file.get());
  for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get())) text += static_cast<char>(c);
  return text;
}

// In the child: never returns.
[[noreturn]] inline void become(const std::vector<std::string>& words, const ProcessOptions& options, int out,
                                int err) {
  constexpr int kCannotStart = 127;
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) std::_Exit(kCannotStart);
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (!options.output.empty()) out = ::open(options.output.c_str(), O_WRONLY);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (options.closed_output) ::close(STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  std::_Exit(kCannotStart);
}

// Tells when a fork has become another program, or has ended.
class Start {
 public:
  Start() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  }
  ~Start() { ::close(ends_[0]); }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  // In the parent, once.
  void wait() {
    ::close(ends_[1]);
    char none;
    while (::read(ends_[0], &none, 1) < 0 && errno == EINTR) {
    }
  }

 private:
  int ends_[2];
};

}  // namespace process_detail

// A program that runs beside the test: from the construction on it is that program, not a fork of the test, which
// would take a signal as the test does. It is killed where the test ends first.
class Process {
 public:
  // `words`: the program's path, then its arguments.
  explicit Process(const std::vector<std::string>& words, const ProcessOptions& options = {})
      : out_(process_detail::temporary()), err_(process_detail::temporary()) {
    process_detail::Start start;
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error("cannot fork");
    if (child_ == 0) process_detail::become(words, options, ::fileno(out_.get()), ::fileno(err_.get()));
    start.wait();
  }
  ~Process() {
    if (ended_) return;
    ::kill(child_, SIGKILL);
    reap(0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return child_; }
  // False from then on where it has ended.
  bool running() {
    if (!ended_) reap(WNOHANG);
    return !ended_;
  }
  // Waits for its end, but no longer than `patience`.
  bool ends_within(std::chrono::milliseconds patience) {
    if (!running()) return true;
    pollfd end{static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)), POLLIN, 0};
    ::poll(&end, 1, static_cast<int>(patience.count()));
    ::close(end.fd);
    return !running();
  }
  // Nothing where it has ended.
  void signal(int number) {
    if (running()) ::kill(child_, number);
  }
  // What it has written to stderr so far; its place in the file, which is its own too, stays.
  std::string err_so_far() const {
    std::string text(1 << 20, '\0');
    text.resize(
        static_cast<std::size_t>(std::max<ssize_t>(::pread(::fileno(err_.get()), text.data(), text.size(), 0), 0)));
    return text;
  }
  // Waits for its end.
  ProcessResult result() {
    if (!ended_) reap(0);
    const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    return {code, process_detail::content(out_), process_detail::content(err_), usage_.ru_maxrss};
  }

 private:
  void reap(int options) { ended_ = ::wait4(child_, &status_, options, &usage_) == child_; }

  process_detail::File out_;
  process_detail::File err_;
  pid_t child_ = 0;
  bool ended_ = false;
  int status_ = 0;
  rusage usage_{};
};

// `words`: the program's path, then its arguments.
inline ProcessResult run_process(const std::vector<std::string>& words, const ProcessOptions& options = {}) {
  return Process(words, options).result();
}

}  // namespace settle
