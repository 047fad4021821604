// Delay lowers the largest rate at which strict relaxation is stable: against limits found outside this project, for
// tanh chains whose every message is used `delay` lockstep steps late (../shared/oracles/delay_limit).
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "graph/language/language.hpp"
#include "sim/npz.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(SETTLE_SOURCE_DIR) / "../shared/oracles/delay_limit";
constexpr std::uint64_t kSteps = 6000;

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
    settings.steps = kSteps;
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

// By the oracle's words: the largest change in the last 1000 steps is below 0.99 times that of steps 3000 to 4000, or
// below 1e-12; what exceeds 1e3 is not stable.
class Changes final : public RelaxationObserver<double> {
 public:
  void sample(const RelaxationSample<double>& sample) override {
    double change = 0;
    values_.resize(sample.graph().size());
    for (VertexId id = 0; id < values_.size(); ++id) {
      const Tensor<double> now = observe_node(sample.node(id), Quantity::value);
      for (std::size_t i = 0; sample.step() > 0 && i < now.flat().size(); ++i) {
        const double each = std::abs(now.flat()[i] - values_[id].flat()[i]);
        if (!(each <= 1e3)) ran_away_ = true;
        change = std::max(change, each);
      }
      values_[id] = now;
    }
    const std::uint64_t step = sample.step();  // of which `change` is the last, counted from 1
    if (step > 3000 && step <= 4000) early_ = std::max(early_, change);
    if (step > kSteps - 1000) late_ = std::max(late_, change);
  }
  bool stable() const { return !ran_away_ && (late_ < 0.99 * early_ || late_ < 1e-12); }

 private:
  std::vector<Tensor<double>> values_;
  double early_ = 0;
  double late_ = 0;
  bool ran_away_ = false;
};

bool Net::stable(RulePtr<double> rule, std::uint32_t delay) const {
  NodeSettings<double> settings = settings_of(std::move(rule));
  settings.pacing = Pacing::lockstep;
  NetworkOptions network;
  network.delay = delay;
  const auto executor = make_virtual_time_executor(graph_, settings, network);
  executor->restore(parameters_, false);
  Changes changes;
  executor->observe_with(&changes);
  run_trial(*executor, trial());
  return changes.stable();
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
  return run_trial(*executor, trial());
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
