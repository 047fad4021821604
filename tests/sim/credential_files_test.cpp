// A run's certificates come out of its folder as they went in, and nobody else can read them.
#include "sim/credential_files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "graph/error.hpp"
#include "tests/sim/scratch.hpp"

using namespace settle;

TEST_CASE("credentials of a run are files of their owner alone, whatever the umask, and read as they were made") {
  const Scratch scratch;
  const auto now = std::chrono::system_clock::now();
  const Credentials first = make_run_credentials(now);
  const Credentials second = make_run_credentials(now);
  const mode_t before = ::umask(0);
  write_run_credentials(first, scratch.path());
  write_run_credentials(second, scratch.path());
  ::umask(before);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    ++files;
    struct stat status {};
    REQUIRE(::stat(entry.path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
  CHECK(files == 3);
  const CredentialPaths paths = run_credential_paths(scratch.path());
  const Credentials read = read_credentials(paths);
  CHECK(read.ca.text == second.ca.text);
  CHECK(read.certificate.text == second.certificate.text);
  CHECK(read.key.text == second.key.text);
  CHECK(read.key.source == paths.key.string());
  CHECK_NOTHROW(check_credentials(read, kRunName, now));
}

TEST_CASE("a file of credentials that is not there, or cannot be written, is named") {
  const Scratch scratch;
  const CredentialPaths paths = run_credential_paths(scratch.path());
  try {
    read_credentials(paths);
    FAIL("there is none");
  } catch (const MissingInput& error) {
    CHECK(std::string(error.what()).starts_with(paths.ca.string()));
  }
  const Credentials made = make_run_credentials(std::chrono::system_clock::now());
  CHECK_THROWS_AS(write_run_credentials(made, scratch.path() / "nowhere"), CannotCreate);
}
