// What any number of hosts has saved, any number of hosts goes on from, and the reference executor, too.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "sim/checkpoint.hpp"
#include "sim/checkpoint_shard.hpp"
#include "sim/session/saved_run.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/served_hosts.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// Host 1 sees another file system than host 0.
PartKeeper<double> keeper(bool apart) {
  return [apart, keep = shard_keeper<double>()](HostId self, const State<double>& own, std::span<const char> order) {
    const std::string_view elsewhere = "/nowhere/at/all";
    return keep(self, own, apart && self == 1 ? std::span<const char>(elsewhere) : order);
  };
}

void train(Executor<double>& executor, const RandomModel& model, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t number = first; number < first + count; ++number)
    run_trial(executor, std::make_shared<const Trial>(model.trial(LearnMode::update, number)));
}

void check_same(const State<double>& actual, const State<double>& expected) {
  REQUIRE(actual.size() == expected.size());
  for (const auto& entry : expected) {
    CAPTURE(entry.first);
    CHECK(same_bits(actual.at(entry.first), entry.second));
  }
}

void save(CheckpointStore& store, const Executor<double>& executor, bool apart) {
  store.save<double>(2, {}, [&](std::span<const char> order) { return executor.save_parts(keeper(apart), order); });
}

// Goes on from the newest checkpoint to the state that an undisturbed run has.
void check_goes_on(CheckpointStore& store, Executor<double>& executor, const RandomModel& model,
                   const State<double>& saved, const State<double>& last) {
  const auto checkpoint = store.load_latest<double>();
  REQUIRE(checkpoint);
  executor.restore(checkpoint->tensors, false);
  check_same(executor.save(), saved);
  train(executor, model, 2, 2);
  check_same(executor.save(), last);
}

// A graph of three vertices, the second of them on host 1, saved as it began.
struct Saved {
  explicit Saved(const char* text) : graph(parse_graph(text, "model")) { save(store, run.executor(), false); }

  NodeSettings<double> settings() const {
    NodeSettings<double> settings;
    settings.source = &data;
    settings.rule = fixed_prediction<double>(1);
    return settings;
  }

  GraphPtr graph;
  RandomData<double> data{graph, 1};
  Scratch scratch;
  CheckpointStore store{scratch / "checkpoints", 1, [](const std::string& line) { FAIL(line); }};
  ServedHosts<double> run{graph, settings(), {0, 1, 0}, 2, 1, keeper(false)};
};

}  // namespace

TEST_CASE("checkpoints over hosts: 1, 2, 3 or 5 hosts go on from what 1, 2, 3 or 5 have saved, and so does one loop") {
  const HostId counts[] = {1, 2, 3, 5};
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.optimizer = optimizer_for(seed);
    settings.seed = seed;
    settings.source = &data;
    settings.pacing = Pacing::lockstep;
    settings.steps = 7;
    settings.rule = fixed_prediction<double>(0.3);
    const auto reference = make_reference_executor(model.graph, settings);
    train(*reference, model, 0, 2);
    const State<double> saved = reference->save();
    train(*reference, model, 2, 2);
    const State<double> last = reference->save();
    const auto with_hosts = [&](HostId hosts, bool apart, const auto& use) {
      ServedHosts<double> run(model.graph, settings, random_placement(*model.graph, hosts, seed + hosts), hosts, 1,
                              keeper(apart));
      use(run.executor());
      for (const std::exception_ptr& failure : run.leave()) CHECK_FALSE(failure);
    };
    for (const HostId from : counts) {
      CAPTURE(from);
      const Scratch scratch;
      CheckpointStore store(scratch / "checkpoints", 1, [](const std::string& line) { FAIL(line); });
      const bool apart = (seed + from) % 2 == 0;
      with_hosts(from, apart, [&](Executor<double>& executor) {
        train(executor, model, 0, 2);
        save(store, executor, apart);
      });
      CHECK(names_in(scratch / "checkpoints" / "0000000002").size() == from + 1);
      for (const HostId to : counts) {
        CAPTURE(to);
        with_hosts(to, apart, [&](Executor<double>& executor) { check_goes_on(store, executor, model, saved, last); });
      }
      check_goes_on(store, *make_reference_executor(model.graph, settings), model, saved, last);
    }
  }
}

TEST_CASE("checkpoints over hosts: a host that cannot write its shard is named with the file, and the run goes on") {
  const RandomModel model = random_model(1);
  const RandomData<double> data(model.graph, 1);
  NodeSettings<double> settings;
  settings.source = &data;
  settings.rule = fixed_prediction<double>(1);
  const Scratch scratch;
  bool full = true;
  const PartKeeper<double> keep = [&](HostId self, const State<double>& own, std::span<const char> order) {
    const std::filesystem::path shard = std::filesystem::path(order.begin(), order.end()) / shard_name(self);
    if (full) std::filesystem::create_symlink("/dev/full", shard);
    return shard_keeper<double>()(self, own, order);
  };
  ServedHosts<double> run(model.graph, settings, random_placement(*model.graph, 2, 1), 2, 1, keep);
  CheckpointStore store(scratch / "checkpoints", 1, [](const std::string& line) { FAIL(line); });
  train(run.executor(), model, 0, 2);
  const std::string error = thrown_by([&] { save(store, run.executor(), false); });
  CHECK_MESSAGE(error.starts_with("74: host 1: " + (scratch / "checkpoints" / "0000000002.").string()), error);
  CHECK(error.find("host-1.npz: cannot write: No space left on device") != std::string::npos);
  CHECK(names_in(scratch / "checkpoints").empty());
  full = false;
  save(store, run.executor(), false);
  check_same(store.load_latest<double>()->tensors, run.executor().save());
}

TEST_CASE(
    "checkpoints over hosts: a tensor that is in no shard is named with the host that needs it and the checkpoint") {
  Saved of("x ~ input(2)\nh ~ normal(linear(x, 3))\ny ~ normal(linear(h, 1))\n");
  auto checkpoint = of.store.load_latest<double>();
  REQUIRE(checkpoint);
  REQUIRE(checkpoint->tensors.erase("h.bias") == 1);
  CHECK(thrown_by([&] { restore_checkpoint(of.run.executor(), *checkpoint); }) ==
        "65: " + (of.scratch / "checkpoints" / "0000000002").string() +
            ": host 1: the saved state has no 'h.bias'; without this checkpoint the one before it is used");
}

TEST_CASE("checkpoints over hosts: a model without parameters is saved and restored") {
  Saved of("x ~ input(2)\nh ~ normal(tanh(x))\ny ~ normal(h)\n");
  CHECK(std::filesystem::file_size(of.scratch / "checkpoints" / "0000000002" / "host-1.npz") == 22);
  const auto checkpoint = of.store.load_latest<double>();
  REQUIRE(checkpoint);
  CHECK(checkpoint->tensors.empty());
  of.run.executor().restore(checkpoint->tensors, false);
}
