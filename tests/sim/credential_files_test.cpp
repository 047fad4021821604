#include "sim/credential_files.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"

using namespace settle;

TEST_CASE("credentials in files are read as they were made, and name their files") {
  const Scratch scratch;
  const auto now = std::chrono::system_clock::now();
  const Credentials made = make_run_credentials(now);
  const CredentialPaths paths{scratch / "ca.pem", scratch / "host.pem", scratch / "host.key"};
  put(paths.ca, made.ca.text);
  put(paths.certificate, made.certificate.text);
  put(paths.key, made.key.text);
  const Credentials read = read_credentials(paths);
  CHECK(read.ca.text == made.ca.text);
  CHECK(read.certificate.text == made.certificate.text);
  CHECK(read.key.text == made.key.text);
  CHECK(read.key.source == paths.key.string());
  CHECK_NOTHROW(check_credentials(read, kRunName, now));
}

TEST_CASE("a file of credentials that is not there is named") {
  const Scratch scratch;
  const CredentialPaths paths{scratch / "ca.pem", scratch / "host.pem", scratch / "host.key"};
  CHECK(thrown_by([&] { read_credentials(paths); }).starts_with("66: " + paths.ca.string()));
}
