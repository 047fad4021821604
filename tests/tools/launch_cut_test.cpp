// Hosts that the network parts: connections that are reset, go silent one way, or lose their link. What is lost is
// named, and the run ends in the bits of an undisturbed one.
#include <doctest/doctest.h>

#include "tests/support/tcp_proxy.hpp"
#include "tests/tools/launching.hpp"
#include "tests/tools/two_machines.hpp"

using namespace settle;

namespace {

// A run of two hosts that are started by hand, the worker through a proxy to host 0.
class ProxiedRun {
 public:
  explicit ProxiedRun(const std::vector<std::string>& more = {}) {
    std::vector<std::string> settings = kLong;
    settings.emplace_back("--run.hosts=2");
    settings.insert(settings.end(), more.begin(), more.end());
    first = std::make_unique<Process>(folder.words("run", settings));
    const std::filesystem::path file = folder.directory("run") / "rendezvous.json";
    REQUIRE(waits_for(*first, [&] { return std::filesystem::exists(file); }));
    auto rendezvous = nlohmann::json::parse(get(file));
    proxy = std::make_unique<TcpProxy>(rendezvous.at("port").get<std::uint16_t>());
    rendezvous["port"] = proxy->port();
    const std::filesystem::path own = folder / "proxied.json";
    put(own, rendezvous.dump());
    std::filesystem::permissions(own, std::filesystem::perms(0600));
    worker =
        std::make_unique<Process>(std::vector<std::string>{SETTLE_PROGRAM, "worker", "--join", own, "--rank", "1"});
    REQUIRE(waits_for(*first, [&] { return trials_so_far(folder, "run") >= 20; }));
  }

  // What host 0 said; the run must end well, in the parameters of one process that nobody disturbed.
  std::string end() {
    const ProcessResult result = first->result();
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kLong));
    return result.err;
  }

  TrainingFolder folder;
  std::unique_ptr<Process> first;
  std::unique_ptr<TcpProxy> proxy;
  std::unique_ptr<Process> worker;
};

}  // namespace

TEST_CASE("a connection that is reset is a lost host at once, and the others go on with its vertices") {
  ProxiedRun run;
  run.proxy->reset();
  const std::string said = run.end();
  CHECK_MESSAGE(has(said, "host 1 (process "), said);
  CHECK_MESSAGE(has(said, "is lost: the connection ended"), said);
  CHECK_FALSE(has(said, "is silent"));
  CHECK(run.worker->result().exit_code == 69);
}

TEST_CASE("a host whose bytes arrive no more is named after 2 s, and nothing is lost where they come in time") {
  ProxiedRun run;
  run.proxy->freeze(TcpProxy::Way::to_target);
  CHECK(waits_for(*run.first, [&] { return has(run.first->err_so_far(), "host 1 is silent for 2."); }));
  run.proxy->thaw();
  const std::string said = run.end();
  CHECK_MESSAGE(has(said, "host 1 is back"), said);
  CHECK_FALSE_MESSAGE(has(said, "lost"), said);
  CHECK(run.worker->result().exit_code == 0);
}

TEST_CASE("a host whose bytes arrive no more counts as lost after transport.dead_after, and the others go on") {
  ProxiedRun run({"--transport.dead_after=3"});
  run.proxy->freeze(TcpProxy::Way::to_target);
  const std::string said = run.end();
  CHECK_MESSAGE(has(said, "host 1 is silent for 2."), said);
  CHECK_MESSAGE(has(said, "it was not heard of for transport.dead_after"), said);
  CHECK(run.worker->result().exit_code == 69);
}

TEST_CASE("machines whose link is down for a while go on, and without it for good host 0 goes on alone") {
  TwoMachines machines;
  if (!machines.built()) {
    MESSAGE("skipped: network namespaces cannot be made here (root, unshare and ip are needed)");
    return;
  }
  const TrainingFolder folder;
  std::vector<std::string> undisturbed = kLong;
  std::ranges::replace(undisturbed, "--learn.epochs=60", "--learn.epochs=200");
  std::vector<std::string> settings = undisturbed;
  settings.insert(settings.end(),
                  {"--run.hosts=2", "--transport.dead_after=8", "--transport.address=" + TwoMachines::address(0)});
  Process first(machines.on(0, folder.words("run", settings)));
  const std::filesystem::path file = folder.directory("run") / "rendezvous.json";
  REQUIRE(waits_for(first, [&] { return std::filesystem::exists(file); }));
  Process worker(
      machines.on(1, {SETTLE_PROGRAM, "worker", "--join", file, "--rank", "1", "--address", TwoMachines::address(1)}));
  REQUIRE(waits_for(first, [&] { return trials_so_far(folder, "run") >= 20; }));
  REQUIRE(machines.link(1, "down"));
  CHECK(waits_for(first, [&] { return has(first.err_so_far(), "host 1 is silent for 2."); }));
  REQUIRE(machines.link(1, "up"));
  CHECK(waits_for(first, [&] { return has(first.err_so_far(), "host 1 is back"); }));
  CHECK_FALSE(has(first.err_so_far(), "lost"));
  REQUIRE(machines.link(1, "down"));
  const ProcessResult result = first.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(has(result.err, "it was not heard of for transport.dead_after"));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", undisturbed));
  CHECK(worker.result().exit_code == 69);
}

TEST_SUITE_BEGIN("full");

TEST_CASE("a worker that does not hear host 0 any more names it and ends with code 69, and host 0 goes on alone") {
  ProxiedRun run;
  run.proxy->freeze(TcpProxy::Way::to_client);
  run.end();
  const ProcessResult worker = run.worker->result();
  CHECK(worker.exit_code == 69);
  CHECK_MESSAGE(has(worker.err, "host 0 is silent for 2."), worker.err);
}

TEST_SUITE_END();
