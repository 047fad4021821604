#include "sim/external_program.hpp"

#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "graph/error.hpp"
#include "sim/child_process.hpp"

namespace settle {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File temporary() {
  File file(std::tmpfile());
  if (!file) throw CannotCreate(std::string("cannot make a temporary file: ") + std::strerror(errno));
  return file;
}

std::string content(const File& file) {
  std::string text;
  std::rewind(file.get());
  char part[4096];
  for (std::size_t size = 0; (size = std::fread(part, 1, sizeof part, file.get())) > 0;) text.append(part, size);
  return text;
}

}  // namespace

ProgramOutcome run_program(const ProgramRun& run) {
  const File in = temporary();
  const File out = temporary();
  const File err = temporary();
  if (std::fwrite(run.input.data(), 1, run.input.size(), in.get()) != run.input.size() || std::fflush(in.get()) != 0)
    throw CannotWrite(std::string("cannot write a temporary file: ") + std::strerror(errno));
  std::rewind(in.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!run.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, run.folder.c_str());
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  std::vector<std::string> words = run.words;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ProgramOutcome outcome;
  if (failure != 0) {
    outcome.not_started = std::strerror(failure);
    return outcome;
  }
  outcome.ended_in_time = ends_in_time(child, run.patience, outcome.status);
  outcome.out = content(out);
  outcome.err = content(err);
  return outcome;
}

}  // namespace settle
