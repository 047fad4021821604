// Delay lowers the largest rate at which strict relaxation is stable: against limits found outside this project, for
// tanh chains whose every message is used `delay` lockstep steps late (../shared/oracles/delay_limit).
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "graph/language/language.hpp"
#include "sim/npz.hpp"
#include "sim/stability.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

using namespace settle;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(SETTLE_SOURCE_DIR) / "../shared/oracles/delay_limit";

// Columns of parameters: the net's matrices are applied from the right.
Tensor<double> transposed(const Tensor<double>& matrix) {
  const std::int64_t rows = matrix.shape()[0];
  const std::int64_t columns = matrix.shape()[1];
  Tensor<double> result(Shape{columns, rows});
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) result.data()[j * rows + i] = matrix.data()[i * columns + j];
  return result;
}

class Net final : public ClampSource<double> {
 public:
  explicit Net(int number) {
    const NpzReader file(kFolder / ("net" + std::to_string(number) + ".npz"));
    std::string text = "x ~ input(16)\n";
    std::string parent = "x";
    for (int layer = 0; layer < 6; ++layer) {
      const std::string name = layer < 5 ? "h" + std::to_string(layer + 1) : "y";
      const std::string mean = "linear(" + parent + ", 16, bias=0)";
      text += name + " ~ normal(" + (layer < 5 ? "tanh(" + mean + ")" : mean) + ")\n";
      parameters_[name + ".weight"] = transposed(file.read("W" + std::to_string(layer)).to<double>());
      parent = name;
    }
    graph_ = parse_graph(text, "net.graph");
    data_ = {file.read("x").to<double>(), file.read("target").to<double>()};
  }

  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    std::ranges::copy(data_[vertex == 0 ? 0 : 1].flat(), out.data());
  }

  bool stable(RulePtr<double> rule, std::uint32_t delay) const;
  // Asynchronously, over links of that latency.
  TrialReport<double> settled(RulePtr<double> rule, double latency) const;

 private:
  NodeSettings<double> settings_of(RulePtr<double> rule) const {
    NodeSettings<double> settings;
    settings.rule = std::move(rule);
    settings.steps = kStabilitySteps;
    settings.source = this;
    return settings;
  }
  Trial trial() const {
    Trial trial;
    trial.samples = {0};
    trial.clamped = clamp_set(*graph_, std::vector<VertexId>{0, 6});
    trial.learn = LearnMode::none;
    return trial;
  }
  GraphPtr graph_;
  State<double> parameters_;
  std::array<Tensor<double>, 2> data_;
};

bool Net::stable(RulePtr<double> rule, std::uint32_t delay) const {
  NodeSettings<double> settings = settings_of(std::move(rule));
  settings.pacing = Pacing::lockstep;
  NetworkOptions network;
  network.delay = delay;
  return is_stable({graph_, std::make_shared<const Trial>(trial()), parameters_}, settings, network);
}

TrialReport<double> Net::settled(RulePtr<double> rule, double latency) const {
  NodeSettings<double> settings = settings_of(std::move(rule));
  settings.wake = Wake::eager;
  settings.tolerance = 1e-12;
  settings.steps = 100000;
  NetworkOptions network;
  network.link.latency = constant_number(latency);
  const auto executor = make_virtual_time_executor(graph_, settings, network);
  executor->restore(parameters_, false);
  return run_trial<double>(*executor, std::make_shared<const Trial>(trial()));
}

}  // namespace

TEST_CASE("strict relaxation is stable just below the largest rate that each delay allows, and not just above") {
  std::ifstream limits(kFolder / "limits.csv");
  if (!limits) {
    MESSAGE("skipped: ", kFolder.string(), " is not here");
    return;
  }
  std::string line;
  std::getline(limits, line);
  CHECK(line == "net,delay,largest_stable_rate");
  int rows = 0;
  for (; std::getline(limits, line); ++rows) {
    CAPTURE(line);
    std::istringstream fields(line);
    int net = 0;
    std::uint32_t delay = 0;
    double limit = 0;
    char comma = 0;
    fields >> net >> comma >> delay >> comma >> limit;
    const Net chain(net);
    CHECK(chain.stable(strict<double>(0.98 * limit), delay));
    CHECK_FALSE(chain.stable(strict<double>(1.02 * limit), delay));
  }
  CHECK(rows == 20);
}

TEST_CASE("the largest stable rate is found to one in a thousand from either side of 1") {
  for (const double limit : {0.0231, 0.9999, 1.0, 7.3, 1000.0}) {
    CAPTURE(limit);
    const double found = largest_stable_rate([&](double rate) { return rate <= limit; }).value();
    CHECK(found <= limit);
    CHECK(found >= 0.998 * limit);
  }
  CHECK(largest_stable_rate([](double) { return true; }) == std::nullopt);
  CHECK(largest_stable_rate([](double) { return false; }) == 0.0);
}

TEST_CASE("a rate that follows curvature is stable at every delay without being told more than the delay") {
  if (!std::filesystem::exists(kFolder)) {
    MESSAGE("skipped: ", kFolder.string(), " is not here");
    return;
  }
  for (int net = 0; net < 4; ++net) {
    const Net chain(net);
    for (const std::uint32_t delay : {0U, 1U, 2U, 4U, 8U}) {
      CAPTURE(net);
      CAPTURE(delay);
      CHECK(chain.stable(strict_by_curvature<double>(2 * delay), delay));
    }
    // Nor where it is told nothing: the vertex notices.
    CHECK(chain.stable(strict_by_curvature<double>(0), 8));
  }
}

TEST_CASE("a rate that follows curvature settles asynchronously at every latency, which it finds out by itself") {
  if (!std::filesystem::exists(kFolder)) {
    MESSAGE("skipped: ", kFolder.string(), " is not here");
    return;
  }
  for (int net = 0; net < 4; ++net) {
    const Net chain(net);
    double energy = 0;
    for (int latency = 1; latency <= 8; ++latency) {
      CAPTURE(net);
      CAPTURE(latency);
      const TrialReport<double> report = chain.settled(strict_by_curvature<double>(std::nullopt), latency);
      CHECK(report.unsettled == 0);
      CHECK_FALSE(report.diverged);
      if (latency == 1) energy = report.free_energy;
      CHECK(report.free_energy == doctest::Approx(energy).epsilon(1e-9));
    }
  }
  // What lockstep bears without delay is too much for messages that are late.
  const TrialReport<double> report = Net(0).settled(strict<double>(0.3), 8);
  CHECK((report.unsettled > 0 || report.diverged));
}
