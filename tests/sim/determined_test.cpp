#include "sim/study/determined.hpp"

#include <doctest/doctest.h>

#include "sim/config/load.hpp"

using namespace settle;

namespace {

RunConfig config_with(const std::vector<std::string>& arguments) {
  return load_run_config({"a.ini", arguments, {}, false}, "[graph]\nfamily = mlp\nlayers = 2,3,1\n");
}

}  // namespace

TEST_CASE("a limit of steps takes nothing from the exactness of vertices that gather, for they act once") {
  CHECK(counts_are_determined(config_with({"--relax.steps=50"})));
  CHECK(counts_are_determined(config_with({})));
}

TEST_CASE("where vertices act at once only values are determined, and those only without a limit or a tolerance") {
  const auto values = [](std::vector<std::string> arguments) {
    arguments.emplace_back("--relax.wake=eager");
    CHECK_FALSE(counts_are_determined(config_with(arguments)));
    return values_are_determined(config_with(arguments));
  };
  CHECK(values({}));
  CHECK_FALSE(values({"--relax.steps=50"}));
  CHECK_FALSE(values({"--relax.tolerance=1e-6"}));
}

TEST_CASE("lockstep and one plain loop leave nothing to the order of actors") {
  CHECK(counts_are_determined(config_with({"--relax.pacing=lockstep", "--relax.steps=5", "--relax.value_rate=0.1"})));
  CHECK(counts_are_determined(config_with({"--run.executor=reference", "--rule.name=strict"})));
  CHECK_FALSE(values_are_determined(config_with({"--rule.name=strict"})));
}
