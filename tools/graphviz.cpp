#include "tools/graphviz.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "graph/error.hpp"

namespace settle {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Through files, so that no amount of text blocks either side.
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

std::string drawn_as_svg(const std::string& dot) {
  const File in = temporary();
  const File out = temporary();
  const File err = temporary();
  if (std::fwrite(dot.data(), 1, dot.size(), in.get()) != dot.size() || std::fflush(in.get()) != 0)
    throw CannotWrite(std::string("cannot write a temporary file: ") + std::strerror(errno));
  std::rewind(in.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  std::string words[] = {"dot", "-Tsvg"};
  char* arguments[] = {words[0].data(), words[1].data(), nullptr};
  pid_t process = 0;
  const int failure = posix_spawnp(&process, "dot", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw MissingInput(std::string("an SVG needs Graphviz's program dot: ") + std::strerror(failure) +
                       "; install it (Debian: graphviz), or take --dot FILE, which needs nothing");
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0) throw InternalFault("Graphviz's program dot failed: " + content(err));
  return content(out);
}

}  // namespace settle
