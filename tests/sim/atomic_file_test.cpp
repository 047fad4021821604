#include "sim/atomic_file.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/sim/failing_file_system.hpp"

namespace settle {
namespace {

using Kind = FailingFileSystem::Kind;

// Runs `body` in a process of its own; true where it returns true.
template <class Body>
bool in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("an atomic write leaves exactly the new content") {
  const Scratch scratch;
  write_file_atomically(scratch / "f", "first");
  write_file_atomically(scratch / "f", "second");
  CHECK(get(scratch / "f") == "second");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"f"});
}

TEST_CASE("a file written piece by piece appears when it is committed, and never where it is given up") {
  const Scratch scratch;
  put(scratch / "f", "old");
  {
    AtomicFile file(scratch / "f");
    file.write("one, ");
    file.write("two");
    CHECK(get(scratch / "f") == "old");
  }
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"f"});
  AtomicFile file(scratch / "f");
  file.write("one, ");
  file.write("two");
  file.commit();
  CHECK(get(scratch / "f") == "one, two");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"f"});
}

TEST_CASE("an atomic write that is stopped at any step leaves the old content or the new") {
  for (const Kind kind : {Kind::crash, Kind::power_cut})
    for (std::size_t stop_at = 0;; ++stop_at) {
      const Scratch scratch;
      put(scratch / "f", "the old content");
      FailingFileSystem files(stop_at, kind);
      bool stopped = false;
      try {
        write_file_atomically(scratch / "f", "new content, longer than the old", files);
      } catch (const Stopped&) {
        stopped = true;
      }
      const std::string now = get(scratch / "f");
      CAPTURE(stop_at);
      CHECK((now == "the old content" || now == "new content, longer than the old"));
      if (stopped) continue;
      CHECK(now == "new content, longer than the old");
      CHECK(files.steps() == 5);  // create, write, fsync, rename, fsync of the directory
      break;
    }
}

TEST_CASE("an atomic write into a folder that is not there names the file and cannot be created") {
  CHECK(thrown_by([] { write_file_atomically("/nowhere/f", "x"); }).starts_with("73: /nowhere/"));
}

TEST_CASE("an atomic write beyond the file size limit keeps the old file, leaves nothing behind and says why") {
  const Scratch scratch;
  put(scratch / "f", "old");
  CHECK(in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string error = thrown_by([&] { write_file_atomically(scratch / "f", std::string(100000, 'x')); });
    return error.starts_with("74: ") && error.find("File too large") != std::string::npos;
  }));
  CHECK(get(scratch / "f") == "old");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"f"});
}

TEST_CASE("a full disk is a failed write that names the file") {
  FileSystem& files = FileSystem::system();
  const Descriptor full = files.create("/dev/full");
  const auto content = bytes_of("x");
  CHECK(thrown_by([&] { files.write(full, content, "/dev/full"); }) ==
        "74: /dev/full: cannot write: No space left on device");
}

}  // namespace settle
