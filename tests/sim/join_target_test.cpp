#include "sim/launch/join_target.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"

using namespace settle;

namespace {

std::string told(const std::string& text) {
  const JoinTarget target = read_join_target(text);
  if (const auto* path = std::get_if<std::filesystem::path>(&target)) return "file " + path->string();
  const auto& host = std::get<HostAddress>(target);
  return host.address + " port " + std::to_string(host.port);
}

std::string refusal(const std::string& text) {
  return thrown_by([&] { read_join_target(text); });
}

}  // namespace

TEST_CASE("join: an address has a port, and brackets where it has colons of its own") {
  CHECK(told("127.0.0.1:4711") == "127.0.0.1 port 4711");
  CHECK(told("node-7.cluster:1") == "node-7.cluster port 1");
  CHECK(told("[::1]:65535") == "::1 port 65535");
  CHECK(told("[fe80::1%eth0]:80") == "fe80::1%eth0 port 80");
}

TEST_CASE("join: a path has a slash in it or ends in .json, whatever else it looks like") {
  CHECK(told("runs/mlp/rendezvous-slurm-17.0.json") == "file runs/mlp/rendezvous-slurm-17.0.json");
  CHECK(told("rendezvous.json") == "file rendezvous.json");
  CHECK(told("./node7:4711") == "file ./node7:4711");
}

TEST_CASE("join: what is neither is refused with both forms") {
  CHECK(refusal("node7").starts_with("2: --join 'node7': has no port; give ADDRESS:PORT"));
  CHECK(refusal("").starts_with("2: --join '': has no port"));
  CHECK(refusal("node7:").starts_with("2: --join 'node7:': '' is no port from 1 to 65535"));
  CHECK(refusal("node7:0").starts_with("2: --join 'node7:0': '0' is no port"));
  CHECK(refusal("node7:65536").starts_with("2: --join 'node7:65536': '65536' is no port"));
  CHECK(refusal("node7:http").starts_with("2: --join 'node7:http': 'http' is no port"));
  CHECK(refusal(":4711").starts_with("2: --join ':4711': '' is no address"));
  CHECK(refusal("::1:4711").starts_with("2: --join '::1:4711': '::1' is no address"));
  CHECK(refusal("[]:4711").starts_with("2: --join '[]:4711': '[]' is no address"));
  CHECK(refusal("two words:4711").starts_with("2: --join 'two words:4711': 'two words' is no address"));
}
