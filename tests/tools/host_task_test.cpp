#include "tools/hosts/host_task.hpp"

#include <doctest/doctest.h>

#include "graph/language/language.hpp"
#include "sim/allowed_cores.hpp"
#include "sim/config/load.hpp"
#include "tests/sim/scratch.hpp"

using namespace settle;

namespace {

GraphPtr chain() {
  return parse_graph("x ~ input(2)\na ~ normal(linear(x, 3))\nb ~ normal(linear(a, 3))\ny ~ normal(linear(b, 1))\n",
                     "model.graph");
}

RunConfig config_with(const std::vector<std::string>& arguments) {
  return load_run_config({"a.ini", arguments, {}, false}, "[graph]\nfamily = mlp\nlayers = 2,3,3,1\n");
}

HostCard card(HostId rank, const std::string& machine, const std::string& cores) {
  return {rank, {}, machine, 7, cores};
}

}  // namespace

TEST_CASE("processes of a machine that may use the same cores share them, each at least one thread") {
  HostTask task;
  const unsigned cores = allowed_cores();
  CHECK(threads_of(task, 9, {card(0, "a", "0 1"), card(1, "b", "0 1")}, 0) == cores);
  CHECK(threads_of(task, 9, {card(0, "a", "0"), card(1, "a", "1")}, 1) == cores);
  CHECK(threads_of(task, 9, {card(0, "a", "0 1"), card(1, "a", "0 1")}, 1) == std::max(1U, cores / 2));
  CHECK(threads_of(task, 9, Roll(1000, card(0, "a", "0 1")), 0) == 1);
  task.automatic_threads = false;
  CHECK(threads_of(task, 9, Roll(1000, card(0, "a", "0 1")), 0) == 9);
}

TEST_CASE("run.threads = auto leaves threads to each host, and a number does not") {
  const GraphPtr graph = chain();
  CHECK(host_task(config_with({}), *graph, 2).automatic_threads);
  CHECK(host_task(config_with({"--run.threads=auto"}), *graph, 2).automatic_threads);
  CHECK_FALSE(host_task(config_with({"--run.threads=2"}), *graph, 2).automatic_threads);
}

TEST_CASE("vertices go where they are pinned, and to the last host where theirs is lost") {
  const GraphPtr graph = chain();
  for (const char* method : {"metis", "round_robin"}) {
    CAPTURE(method);
    const RunConfig config = config_with({std::string("--placement.method=") + method, "--placement.pin=2: a; 0: y"});
    CHECK(host_task(config, *graph, 3).placement[*graph->find("a")] == 2);
    CHECK(host_task(config, *graph, 3).placement[*graph->find("y")] == 0);
    CHECK(host_task(config, *graph, 2).placement[*graph->find("a")] == 1);
  }
}

TEST_CASE("a pin that names no vertex is a bad config under either method") {
  const GraphPtr graph = chain();
  for (const char* method : {"metis", "round_robin"}) {
    const RunConfig config = config_with({std::string("--placement.method=") + method, "--placement.pin=0: nothing"});
    const std::string refused = thrown_by([&] { host_task(config, *graph, 2); });
    CHECK_MESSAGE(refused.starts_with("78: "), refused);
    CHECK_MESSAGE(refused.find("'nothing'") != std::string::npos, refused);
  }
}

TEST_CASE("a host that has made another model than host 0 is refused") {
  const HostTask task = host_task(config_with({}), *chain(), 2);
  CHECK_NOTHROW(check_graph(task, *chain()));
  const GraphPtr other = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 1))\n", "model.graph");
  CHECK(thrown_by([&] { check_graph(task, *other); }).starts_with("78: the model here has the hash "));
}
