// A graph over several hosts does what it does on one, to the last bit, wherever its vertices are.
#include <doctest/doctest.h>

#include <set>

#include "actors/reference_executor.hpp"
#include "actors/wire/peer_error.hpp"
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

namespace {

// x -> h on host 1 -> k on host 2 -> y on host 0
struct ThreeParts : Parted {
  ThreeParts() {
    graph = chain_;
    placement = {0, 1, 2, 0};
    settings.source = &data_;
    trial.clamped = clamp_set(*graph, std::vector<VertexId>{0, 3});
  }

 private:
  GraphPtr chain_ = parse_graph(
      "x ~ input(2)\nh ~ normal(tanh(linear(x, 300)))\nk ~ normal(linear(h, 2))\ny ~ normal(linear(k, 1))\n", "model");
  RandomData<double> data_{chain_, 1};
};

// A keeper that returns when as many hosts keep as there are: who asks them one after the other waits in vain.
class Together {
 public:
  explicit Together(std::size_t hosts) : hosts_(hosts) {}

  Bytes keep(HostId self, const State<double>& own, std::span<const char> order) {
    std::unique_lock lock(mutex_);
    ++present_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return present_ >= hosts_; }))
      throw InternalFault("host " + std::to_string(self) + " keeps alone");
    std::string text = std::string(order.begin(), order.end()) + " " + std::to_string(self);
    for (const auto& entry : own) text += " " + entry.first;
    return {text.begin(), text.end()};
  }

 private:
  std::size_t hosts_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t present_ = 0;
};

Bytes keep_nothing(HostId, const State<double>&, std::span<const char>) { return {}; }

// How many bytes of control host 0 has sent to each host.
template <class Scalar>
class CountingNetwork {
 public:
  explicit CountingNetwork(HostId hosts) : network_(hosts), first_(network_.end(0), hosts) {}
  Transport<Scalar>& end(HostId host) {
    if (host == 0) return first_;
    return network_.end(host);
  }
  std::vector<std::size_t> take_counts() { return std::exchange(first_.counts, std::vector<std::size_t>(3)); }

 private:
  struct First final : Transport<Scalar> {
    First(Transport<Scalar>& real, HostId hosts) : counts(hosts), transport(real) {}
    void attach(Arrivals<Scalar>* arrivals) override { transport.attach(arrivals); }
    void send(HostId to, VertexId receiver, const Message<Scalar>& message) override {
      transport.send(to, receiver, message);
    }
    void control(HostId to, std::uint16_t kind, std::span<const char> content) override {
      counts[to] += content.size();
      transport.control(to, kind, content);
    }
    std::vector<std::size_t> counts;
    Transport<Scalar>& transport;
  };

  MemoryNetwork<Scalar> network_;
  First first_;
};

}  // namespace

TEST_CASE("hosts: every host keeps the state of its own vertices, all at the same time, and host 0 has their answers") {
  ThreeParts parted;
  Together together(3);
  const PartKeeper<double> keep = std::bind_front(&Together::keep, &together);
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 3, 1, keep);
  std::vector<std::string> answers;
  for (const Bytes& answer : run.executor().save_parts(keep, std::string_view("here")))
    answers.emplace_back(answer.begin(), answer.end());
  CHECK(answers ==
        std::vector<std::string>{"here 0 y.bias y.weight", "here 1 h.bias h.weight", "here 2 k.bias k.weight"});
  for (const std::exception_ptr& failure : run.leave()) CHECK_FALSE(failure);
}

TEST_CASE("hosts: an executor of one host keeps everything itself") {
  Parted parted;
  Together together(1);
  parted.settings.steps = 2;
  const auto executor = make_reference_executor(parted.graph, parted.settings);
  const auto answers = executor->save_parts(std::bind_front(&Together::keep, &together), std::string_view("all"));
  REQUIRE(answers.size() == 1);
  CHECK(std::string(answers[0].begin(), answers[0].end()) == "all 0 h.bias h.weight y.bias y.weight");
}

TEST_CASE(
    "hosts: what a keeper fails of is thrown at host 0 by host and exit code, when all are done, and the run goes on") {
  ThreeParts parted;
  Together together(3);
  const auto fails_on = [&together](std::set<HostId> hosts) -> PartKeeper<double> {
    return [&together, hosts](HostId self, const State<double>& own, std::span<const char> order) {
      Bytes answer = together.keep(self, own, order);
      if (hosts.contains(self)) throw CannotWrite("the disk is full");
      return answer;
    };
  };
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 3, 1, fails_on({1, 2}));
  CHECK(failure_of([&] { run.executor().save_parts(fails_on({}), {}); }) == "74: host 1: the disk is full");
  CHECK(failure_of([&] { run.executor().save_parts(fails_on({0}), {}); }) == "74: the disk is full");
  CHECK(run_trial(run.executor(), parted.trial).acts == 3);
  for (const std::exception_ptr& failure : run.leave()) CHECK_FALSE(failure);
}

TEST_CASE("hosts: a keeper that fails in a way of its own, or is not there, fails as an internal fault of its host") {
  ThreeParts parted;
  const PartKeeper<double> odd = [](HostId, const State<double>&, std::span<const char>) -> Bytes {
    throw std::length_error("too long");
  };
  for (const PartKeeper<double>& keep : {odd, PartKeeper<double>()}) {
    ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 3, 1, keep);
    CHECK(failure_of([&] { run.executor().save_parts(keep_nothing, {}); }) ==
          (keep ? "1: host 1: too long" : "1: host 1: was started without a keeper"));
    CHECK(run_trial(run.executor(), parted.trial).acts == 3);
  }
}

TEST_CASE("hosts: a host that is lost while it should keep ends that by its name") {
  ThreeParts parted;
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 3, 1, keep_nothing);
  run.network().lose(2, "host 2 is gone");
  CHECK(failure_of([&] { run.executor().save_parts(keep_nothing, {}); }) == "69: host 2 is gone");
}

TEST_CASE("hosts: who has said why it stops is waited for no more, although it is connected still") {
  ThreeParts parted;
  ServedHosts<double> run(parted.graph, parted.settings, parted.placement, 3, 1, keep_nothing);
  run.network().lose_for(1, 2, "host 2 is gone");
  CHECK(failure_of([&] { run.executor().save_parts(keep_nothing, {}); }) == "69: host 1: host 2 is gone");
  CHECK(failure_of([&] { run.executor().observe(1, Quantity::value); }) == "69: host 1: host 2 is gone");
  run.network().lose_for(0, 1, "host 1 is gone too");
  CHECK(failure_of([&] { run.executor().observe(1, Quantity::value); }) == "69: host 1: host 2 is gone");
  CHECK(failure_of(run.leave()[1]) == "69: host 2 is gone");
}

TEST_CASE(
    "hosts: of a state that is restored each host is sent what its own vertices have, moments included, no more") {
  ThreeParts parted;
  parted.settings.optimizer.kind = OptimizerKind::adam;
  ServedHosts<double, CountingNetwork> run(parted.graph, parted.settings, parted.placement, 3, 1);
  run_trial(run.executor(), parted.trial);
  const State<double> state = run.executor().save();
  run_trial(run.executor(), parted.trial);
  run.network().take_counts();
  run.executor().restore(state, false);
  const std::vector<std::size_t> sent = run.network().take_counts();
  const State<double> restored = run.executor().save();
  for (const auto& [name, tensor] : state) CHECK(same_bits(restored.at(name), tensor));
  const auto numbers = [](std::size_t parameters) { return 3 * sizeof(double) * parameters; };  // with two moments
  const std::size_t around = 1000;                                                              // names and shapes
  CHECK(sent[1] > numbers(900));
  CHECK(sent[1] < numbers(900) + around);
  CHECK(sent[2] > numbers(602));
  CHECK(sent[2] < numbers(602) + around);
}
