// Where a run is asked: in its directory or, where that cannot be, elsewhere; and what a killed run left of it.
#include "sim/watch/status_socket.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <optional>

#include "sim/watch/local_socket.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

bool answers(const std::filesystem::path& socket) { return connect_to(socket, std::chrono::seconds(60)).has_value(); }

// As a process that is killed leaves it: the file, and nobody behind it.
void leave_socket(const std::filesystem::path& path) { static_cast<void>(listen_at(path)); }

// A run directory in which no socket can be made.
std::filesystem::path without_sockets(const Scratch& scratch, const std::string& name) {
  std::filesystem::create_directories(scratch / name / "status.sock" / "in the way");
  return scratch / name;
}

}  // namespace

TEST_CASE("watch: a socket is for its owner only, under a path of any length, and gone afterwards") {
  const Scratch scratch;
  const std::filesystem::path directory = scratch / std::string(200, 'a') / std::string(200, 'b');
  std::filesystem::create_directories(directory);
  const std::filesystem::path path = directory / "status.sock";
  {
    const StatusSocket socket(directory);
    CHECK(socket.elsewhere().empty());
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(answers(path));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_FALSE(answers(path));
}

TEST_CASE("watch: the socket of a run that was killed is replaced") {
  const Scratch scratch;
  leave_socket(scratch / "status.sock");
  CHECK(std::filesystem::is_socket(scratch / "status.sock"));
  CHECK_FALSE(answers(scratch / "status.sock"));
  const StatusSocket socket(scratch.path());
  CHECK(answers(scratch / "status.sock"));
}

TEST_CASE("watch: where no socket can be in the directory there is one elsewhere, gone afterwards with its folder") {
  const Scratch scratch;
  const std::filesystem::path directory = without_sockets(scratch, "run");
  std::filesystem::path elsewhere;
  {
    const StatusSocket socket(directory);
    elsewhere = socket.elsewhere();
    REQUIRE_FALSE(elsewhere.empty());
    StatusFile file;
    file.socket = elsewhere;
    CHECK(socket_of(directory, file) == elsewhere);
    CHECK(answers(elsewhere));
    struct stat status {};
    REQUIRE(::stat(elsewhere.parent_path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0700U);
  }
  CHECK_FALSE(std::filesystem::exists(elsewhere.parent_path()));
}

TEST_CASE("watch: what a killed run left elsewhere is removed at the next start, but not what answers") {
  const Scratch scratch;
  const std::filesystem::path left = scratch / "settle-left" / "status.sock";
  std::filesystem::create_directories(left.parent_path());
  leave_socket(left);
  StatusFile file;
  file.socket = left;
  std::filesystem::create_directories(scratch / "run");
  write_status_file(scratch / "run", file);
  { const StatusSocket socket(scratch / "run"); }
  CHECK_FALSE(std::filesystem::exists(left.parent_path()));

  const StatusSocket original(without_sockets(scratch, "original"));
  file.socket = original.elsewhere();
  std::filesystem::create_directories(scratch / "copy");
  write_status_file(scratch / "copy", file);
  { const StatusSocket copy(scratch / "copy"); }
  CHECK(answers(original.elsewhere()));
}

TEST_CASE("watch: the file that says how a run is gives back what it was given, and another is refused by name") {
  const Scratch scratch;
  CHECK_FALSE(read_status_file(scratch.path()));
  StatusFile file;
  file.state = StatusFile::State::failed;
  file.machine = "n1";
  file.process = 4711;
  file.trial = 12;
  file.trials = 30;
  file.exit_code = 76;
  file.cause = "diverged \xff in trial 13";
  write_status_file(scratch.path(), file);
  const auto read = read_status_file(scratch.path());
  REQUIRE(read);
  CHECK(read->state == StatusFile::State::failed);
  CHECK(read->machine == "n1");
  CHECK(read->process == 4711);
  CHECK(read->trial == 12);
  CHECK(read->trials == 30);
  CHECK(read->exit_code == 76);
  CHECK(read->cause.starts_with("diverged "));
  for (const char* text :
       {"", "{", "[]", "{\"state\": \"asleep\", \"machine\": \"\", \"process\": 1, \"socket\": \"\"}",
        "{\"state\": \"running\"}"}) {
    CAPTURE(text);
    put(scratch / "status.json", std::string_view(text));
    const std::string thrown = thrown_by([&] { read_status_file(scratch.path()); });
    CHECK(thrown.starts_with("65: " + (scratch / "status.json").string() + ": is no status of a run ("));
  }
}

}  // namespace settle
