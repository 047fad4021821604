#include "sim/report/gnuplot.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/descriptor.hpp"
#include "sim/read_file.hpp"
#include "sim/report/gnuplot_script.hpp"

namespace settle {
namespace {

constexpr int kPatience = 60'000;  // milliseconds that one picture may take; a usual one takes 50

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// What the program has said on stderr, in one line.
std::string words_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF && text.size() < 500; c = std::fgetc(file))
    text += c < ' ' ? ' ' : static_cast<char>(c);
  return text;
}

// Waits for the end of a child; false where it had to be ended.
bool ends_in_time(pid_t child, int& status) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd watched{handle.number(), POLLIN, 0};
  int ready = 1;
  while (handle && (ready = ::poll(&watched, 1, kPatience)) < 0 && errno == EINTR) continue;
  if (ready == 0) ::kill(child, SIGKILL);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return ready != 0;
}

// Runs `gnuplot NAME.gp` in the folder, without a shell and without the user's own settings. Returns what went wrong.
std::string run_gnuplot(const std::string& script, const std::filesystem::path& folder) {
  const std::unique_ptr<std::FILE, CloseFile> errors(std::tmpfile());
  if (!errors) return std::string("cannot make a temporary file: ") + std::strerror(errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(errors.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(errors.get()), STDERR_FILENO);
  std::string words[] = {"gnuplot", "--default-settings", script};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t child = 0;
  const int failure = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    return std::string("pictures need the program gnuplot (") + std::strerror(failure) +
           "); install it (Debian: gnuplot-nox) and make the report again";
  int status = 0;
  if (!ends_in_time(child, status)) return "gnuplot did not end within a minute and was stopped";
  return status == 0 ? "" : "gnuplot failed: " + words_of(errors.get());
}

}  // namespace

Drawing draw(const Plot& plot, const std::filesystem::path& folder) {
  const GnuplotFiles files = gnuplot_files(plot);
  const std::filesystem::path picture = folder / (plot.name + ".svg");
  write_file_atomically(folder / (plot.name + ".csv"), files.data);
  write_file_atomically(folder / (plot.name + ".gp"), files.script);
  FileSystem::system().remove(picture);  // one of an earlier report must not stand for this one
  Drawing drawing;
  drawing.problem = run_gnuplot(plot.name + ".gp", folder);
  if (drawing.problem.empty()) drawing.svg = read_text(picture);
  return drawing;
}

}  // namespace settle
