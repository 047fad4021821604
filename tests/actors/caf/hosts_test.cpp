// A graph over several hosts does what it does on one, to the last bit, wherever its vertices are.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/served_hosts.hpp"

using namespace settle;
using namespace settle::test;

namespace {

NodeSettings<double> settings_of(const RandomModel& model, const RandomData<double>& data) {
  NodeSettings<double> settings;
  settings.optimizer = optimizer_for(model.seed);
  settings.seed = model.seed;
  settings.source = &data;
  return settings;
}

// As first_difference; the sums over hosts are added in another order.
std::string difference(const Graph& graph, Outcome<double> actual, const Outcome<double>& expected) {
  const auto near = [](double& sum, double other) {
    if (std::abs(sum - other) <= 1e-12 * std::abs(other)) sum = other;
  };
  near(actual.report.loss, expected.report.loss);
  near(actual.report.free_energy, expected.report.free_energy);
  return first_difference(graph, actual, expected);
}

template <template <class> class Network = MemoryNetwork>
void compare(const RandomModel& model, const NodeSettings<double>& settings, const NodeSettings<double>& reference) {
  const auto expected = four_trials(*make_reference_executor(model.graph, reference), model);
  for (const HostId hosts : {2U, 3U, 8U}) {
    const Placement placement = random_placement(*model.graph, hosts, model.seed);
    ServedHosts<double, Network> run(model.graph, settings, placement, hosts,
                                     1 + static_cast<unsigned>(model.seed % 2));
    const State<double> fresh = run.executor().save();
    for (int repetition = 0; repetition < 2; ++repetition) {
      CAPTURE(hosts);
      CAPTURE(repetition);
      run.executor().restore(fresh, false);
      const auto actual = four_trials(run.executor(), model);
      for (std::size_t t = 0; t < expected.size(); ++t) {
        CAPTURE(t);
        CHECK(difference(*model.graph, actual[t], expected[t]) == "");
        CHECK(actual[t].report.predictions.size() == expected[t].report.predictions.size());
        for (std::size_t k = 0; k < expected[t].report.predictions.size(); ++k)
          CHECK(same_bits(actual[t].report.predictions[k].copy(), expected[t].report.predictions[k].copy()));
      }
    }
    for (const std::exception_ptr& failure : run.leave()) CHECK_FALSE(failure);
  }
}

}  // namespace

TEST_CASE("hosts: fixed prediction at rate 1 is backprop to the last bit on 40 random graphs, wherever vertices are") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(model, data);
    const NodeSettings<double> backprop = settings;
    settings.rule = fixed_prediction<double>(1);
    settings.wake = seed % 2 == 0 ? Wake::gather : Wake::eager;
    compare(model, settings, backprop);
  }
}

TEST_CASE("hosts: lockstep is the same to the last bit on 40 random graphs, wherever vertices are") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(model, data);
    settings.pacing = Pacing::lockstep;
    settings.steps = 7;
    settings.rule = seed % 2 == 0 ? strict<double>(0.1) : fixed_prediction<double>(0.3);
    compare(model, settings, settings);
  }
}

TEST_CASE("hosts: over sockets and TLS, too, fixed prediction at rate 1 is backprop to the last bit") {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(model, data);
    const NodeSettings<double> backprop = settings;
    settings.rule = fixed_prediction<double>(1);
    compare<SocketNetwork>(model, settings, backprop);
  }
}

namespace {

struct Parted {  // x -> h on host 1 -> y on host 0
  GraphPtr graph = parse_graph("x ~ input(2)\nh ~ normal(tanh(linear(x, 3)))\ny ~ normal(linear(h, 1))\n", "model");
  Placement placement = {0, 1, 0};
  RandomData<double> data{graph, 1};
  NodeSettings<double> settings;
  Trial trial;

  Parted() {
    settings.rule = fixed_prediction<double>(1);
    settings.source = &data;
    trial.samples = {0, 1};
    trial.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  }
};

std::string failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.exit_code())) + ": " + error.what();
  }
  return "nothing";
}

std::string failure_of(const std::exception_ptr& failure) {
  return failure_of([&] {
    if (failure) std::rethrow_exception(failure);
  });
}

// Its data cannot be read from the second trial on.
class BrokenData final : public ClampSource<double> {
 public:
  explicit BrokenData(const ClampSource<double>& data) : data_(data) {}
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
    if (samples.front() > 0 && vertex == 0) throw BadData("the file of '" + std::to_string(vertex) + "' is gone");
    data_.read(vertex, samples, out);
  }

 private:
  const ClampSource<double>& data_;
};

}  // namespace

TEST_CASE("hosts: a host that is lost ends the run, what is asked later, and the other hosts' service, by its name") {
  Parted parted;
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 2, 1);
  CHECK(run_trial(run.executor(), parted.trial).acts == 2);
  run.network().lose(1, "host 1 is gone");
  CHECK(failure_of([&] { run_trial(run.executor(), parted.trial); }) == "69: host 1 is gone");
  CHECK(failure_of([&] { run.executor().observe(1, Quantity::value); }) == "69: host 1 is gone");
  run.network().lose(0, "host 0 is gone");
  CHECK(failure_of(run.leave()[1]) == "69: host 0 is gone");
}

TEST_CASE("hosts: over sockets, a large state crosses in pieces, and a connection that is cut ends run and service") {
  Parted parted;
  parted.graph = parse_graph("x ~ input(2)\nh ~ normal(tanh(linear(x, 200000)))\ny ~ normal(sum(h))\n", "model");
  const RandomData<double> data(parted.graph, 1);
  parted.settings.source = &data;
  ServedHosts<double, SocketNetwork> run(parted.graph, parted.settings, parted.placement, 2, 1);
  const State<double> state = run.executor().save();
  run_trial(run.executor(), parted.trial);
  CHECK_FALSE(same_bits(run.executor().save().at("h.weight"), state.at("h.weight")));
  run.executor().restore(state, false);
  CHECK(same_bits(run.executor().save().at("h.weight"), state.at("h.weight")));
  run.network().cut(1, 0, "the cable was pulled");
  const std::string failure = failure_of([&] { run_trial(run.executor(), parted.trial); });
  CHECK(failure.starts_with("69: "));
  CHECK(failure.find("the cable was pulled") != std::string::npos);
  CHECK(failure_of(run.leave()[1]).find("the cable was pulled") != std::string::npos);
}

TEST_CASE("hosts: what a vertex fails of on another host is thrown at host 0, with the host") {
  Parted parted;
  const BrokenData broken(parted.data);
  parted.settings.source = &broken;
  parted.placement = {1, 1, 0};
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 2, 2);
  run_trial(run.executor(), parted.trial);
  parted.trial.samples = {1};
  CHECK(failure_of([&] { run_trial(run.executor(), parted.trial); }) == "65: host 1: the file of '0' is gone");
  CHECK(failure_of(run.leave()[1]) == "65: the file of '0' is gone");
}

TEST_CASE("hosts: what does not fit is refused by the host whose vertex it is for") {
  Parted parted;
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 2, 1);
  State<double> state = run.executor().save();
  state.at("h.weight") = Tensor<double>(Shape{1, 1});
  const std::string failure = failure_of([&] { run.executor().restore(state, false); });
  CHECK(failure.starts_with("65: "));
  CHECK(failure.find("h.weight") != std::string::npos);
  CHECK(run_trial(run.executor(), parted.trial).messages > 0);
}

TEST_CASE("hosts: a message for a vertex or a slot that is not there ends the run, and says which") {
  for (const bool slot : {false, true}) {
    Parted parted;
    ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 2, 1);
    Message<double> message;
    message.slot = 7;
    run.network().end(0).send(1, slot ? 1 : 99, message);
    const std::string failure = failure_of([&] { run_trial(run.executor(), parted.trial); });
    CHECK(failure == "1: host 1: a message came for vertex " + std::string(slot ? "1" : "99") +
                         ", slot 7, which is not on this host");
    CHECK(run.leave()[1]);
  }
}
