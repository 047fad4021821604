// Purpose: another program as a user runs it: its words, its folder and streams, and what came of it. Output goes
// through temporary files, so that no amount of it blocks. Thread rule: any thread.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

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

}  // namespace process_detail

// `words`: the program's path, then its arguments.
inline ProcessResult run_process(const std::vector<std::string>& words, const ProcessOptions& options = {}) {
  const process_detail::File out = process_detail::temporary();
  const process_detail::File err = process_detail::temporary();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) process_detail::become(words, options, ::fileno(out.get()), ::fileno(err.get()));
  int status = 0;
  ::waitpid(child, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, process_detail::content(out), process_detail::content(err)};
}

}  // namespace settle
