#include "sim/launch/rendezvous.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "actors/wire/frame.hpp"
#include "sim/random_token.hpp"
#include "tests/sim/scratch.hpp"

using namespace settle;

namespace {

Rendezvous example() {
  return {{"10.0.0.7", "fd00::7"},
          4711,
          random_token(),
          "float64",
          make_run_credentials(std::chrono::system_clock::now()),
          4};
}

std::string refusal(const std::filesystem::path& path) {
  return thrown_by([&] { read_rendezvous(path); });
}

// A file of a run with one member changed, or left out where the value is discarded.
std::string refusal_with(const std::string& member, const nlohmann::json& value) {
  const Scratch scratch;
  const auto path = scratch / "rendezvous.json";
  const RendezvousFile file(path, example());
  auto document = nlohmann::json::parse(get(path));
  if (value.is_discarded())
    document.erase(member);
  else
    document[member] = value;
  put(path, document.dump());
  std::string refused = refusal(path);
  const std::size_t place = refused.find(path.string());
  return place == std::string::npos ? refused : refused.replace(place, path.string().size(), "FILE");
}

const nlohmann::json kNothing = nlohmann::json::parse("", nullptr, false);

}  // namespace

TEST_CASE("rendezvous: what host 0 wrote is what the others read") {
  const Scratch scratch;
  const Rendezvous written = example();
  const RendezvousFile file(scratch / "rendezvous.json", written);
  const std::optional<Rendezvous> read = read_rendezvous(file.path());
  REQUIRE(read);
  CHECK(read->addresses == written.addresses);
  CHECK(read->port == written.port);
  CHECK(read->token == written.token);
  CHECK(read->hosts == written.hosts);
  CHECK(read->scalar == "float64");
  CHECK(read->credentials.key.text == written.credentials.key.text);
  CHECK(read->credentials.key.source == file.path().string() + ", member 'key'");
  CHECK_NOTHROW(check_credentials(read->credentials, kRunName, std::chrono::system_clock::now()));
}

TEST_CASE("rendezvous: without credentials the hosts speak in plain") {
  const Scratch scratch;
  Rendezvous plain = example();
  plain.credentials = {};
  const RendezvousFile file(scratch / "rendezvous.json", plain);
  const std::optional<Rendezvous> read = read_rendezvous(file.path());
  REQUIRE(read);
  CHECK(read->credentials.ca.text.empty());
  CHECK(read->credentials.certificate.text.empty());
  CHECK(read->credentials.key.text.empty());
}

TEST_CASE("rendezvous: a file that is not there yet is no error") {
  const Scratch scratch;
  CHECK_FALSE(read_rendezvous(scratch / "rendezvous.json"));
  CHECK_FALSE(read_rendezvous(scratch / "no_run" / "rendezvous.json"));
}

TEST_CASE(
    "rendezvous: the file is its owner's alone whatever the umask, replaces an old one and leaves nothing behind") {
  const Scratch scratch;
  const auto path = scratch / "rendezvous.json";
  put(path, "left by a run that was killed");
  const mode_t before = ::umask(0);
  {
    const RendezvousFile file(path, example());
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(names_in(scratch.path()) == std::vector<std::string>{"rendezvous.json"});
    CHECK(read_rendezvous(path));
  }
  ::umask(before);
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("rendezvous: the file of another start is left alone") {
  const Scratch scratch;
  const auto path = scratch / "rendezvous.json";
  auto first = std::make_unique<RendezvousFile>(path, example());
  const Rendezvous later = example();
  const RendezvousFile second(path, later);
  first.reset();
  const std::optional<Rendezvous> read = read_rendezvous(path);
  REQUIRE(read);
  CHECK(read->token == later.token);
}

TEST_CASE("rendezvous: starts that know their job do not meet, and no job leads out of the run directory") {
  CHECK(rendezvous_path("run", "") == "run/rendezvous.json");
  CHECK(rendezvous_path("run", "slurm-17.0") == "run/rendezvous-slurm-17.0.json");
  CHECK(rendezvous_path("run", "../x") == "run/rendezvous-..%2Fx.json");
}

TEST_CASE("rendezvous: a file that others may open, or that is another user's, is not trusted") {
  const Scratch scratch;
  const auto path = scratch / "rendezvous.json";
  const RendezvousFile file(path, example());
  for (const mode_t mode : {0640U, 0604U, 0660U, 0620U, 0602U}) {
    CAPTURE(mode);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(refusal(path).starts_with("77: " + path.string() + ": others than its owner may open it"));
  }
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  REQUIRE(read_rendezvous(path));
  // Only root can give a file away.
  if (::chown(path.c_str(), ::geteuid() + 1, static_cast<gid_t>(-1)) == 0) {
    CHECK(refusal(path).starts_with("77: " + path.string() + ": belongs to user " + std::to_string(::geteuid() + 1)));
    REQUIRE(::chown(path.c_str(), ::geteuid(), static_cast<gid_t>(-1)) == 0);
  }
  CHECK(refusal(scratch.path()).starts_with("77: " + scratch.path().string() + ": is no file"));
}

TEST_CASE("rendezvous: what is no such file, or has a member that makes no sense, is refused by its name") {
  const Scratch scratch;
  const auto path = scratch / "rendezvous.json";
  for (const std::string text : {"", "{\"schema\": 1", "[1]", "\xff\xfe"}) {
    CAPTURE(text);
    const RendezvousFile file(path, example());
    put(path, text);
    CHECK(refusal(path).starts_with("65: " + path.string() + ": no rendezvous file of a run"));
  }
  CHECK(refusal_with("schema", 2).starts_with("65: FILE: member 'schema' has to be a whole number from 1 to 1"));
  CHECK(
      refusal_with("protocol", kProtocolVersion + 1).starts_with("65: FILE: host 0 speaks version 2 of the protocol"));
  for (const char* member : {"schema", "protocol", "hosts", "token", "addresses", "port", "ca", "certificate", "key"})
    CHECK(refusal_with(member, kNothing).starts_with("65: FILE: member '" + std::string(member) + "' has to be there"));
  for (const nlohmann::json& port :
       {nlohmann::json(0), nlohmann::json(65536), nlohmann::json(-1), nlohmann::json(1.5), nlohmann::json("4711")})
    CHECK(refusal_with("port", port).starts_with("65: FILE: member 'port' has to be a whole number from 1 to 65535"));
  CHECK(refusal_with("hosts", 0).starts_with("65: FILE: member 'hosts' has to be a whole number from 1 to 65535"));
  CHECK(refusal_with("token", "").starts_with("65: FILE: member 'token' has to be a text that is not empty"));
  CHECK(
      refusal_with("addresses", nlohmann::json::array()).starts_with("65: FILE: member 'addresses' has to be a list"));
  CHECK(refusal_with("addresses", {"10.0.0.7", 7}).starts_with("65: FILE: member 'addresses' has to be a list"));
  CHECK(refusal_with("key", "").starts_with("65: FILE: member 'ca' has to be empty where"));
  CHECK(refusal_with("ca", 3).starts_with("65: FILE: member 'ca' has to be a text"));
}

TEST_CASE("rendezvous: a file that cannot be made names the place") {
  const Scratch scratch;
  const auto path = scratch / "nowhere" / "rendezvous.json";
  CHECK(thrown_by([&] { const RendezvousFile file(path, example()); }).starts_with("73: "));
}
