// The fully connected predictive-coding graph of 784 + 48 + 10 units settles on actors and in the reference where a
// plain Jacobi iteration, written out here, does.
#include <doctest/doctest.h>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "graph/random.hpp"
#include "tests/support/cyclic_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::size_t kSeen = 784, kHidden = 48, kClasses = 10, kUnits = kSeen + kHidden + kClasses;
constexpr double kRate = 0.2;

struct Problem {
  FullyConnected model = fully_connected(kSeen, kHidden, kClasses);
  std::vector<double> weight, bias;  // [unit, unit], [unit]: unit r is predicted by sum of weight[r, c] tanh(v[c])
  std::vector<double> data, first;   // [unit]
  State<double> state;               // the same parameters, by name

  Problem() : weight(kUnits * kUnits), bias(kUnits), data(kUnits), first(kUnits) {
    RandomStream random(1, "fully connected", "test");
    for (double& x : weight) x = 0.01 * random.normal();
    for (double& x : bias) x = 0.1 * random.normal();
    for (double& x : data) x = random.uniform();
    std::size_t row = 0;
    for (const Vertex& vertex : model.graph->vertices()) {
      const auto units = static_cast<std::size_t>(vertex.shape.size());
      const Tensor<double> drawn = initial_values({vertex.name, vertex.shape.sample(), *vertex.first_value}, 0);
      std::ranges::copy(drawn.flat(), first.begin() + static_cast<std::ptrdiff_t>(row));
      state[vertex.name + ".weight"] =
          Tensor<double>(vertex.parameters[0].shape, std::span(weight).subspan(row * kUnits, units * kUnits));
      state[vertex.name + ".bias"] = Tensor<double>(vertex.parameters[1].shape, std::span(bias).subspan(row, units));
      row += units;
    }
  }

  std::size_t start_of(VertexId id) const { return id == model.x ? 0 : id == model.h ? kSeen : kSeen + kHidden; }
};

struct Data final : ClampSource<double> {
  explicit Data(const Problem& of) : problem(of) {}
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    std::copy_n(problem.data.begin() + static_cast<std::ptrdiff_t>(problem.start_of(vertex)), out.size(), out.data());
  }
  const Problem& problem;
};

// v <- v + rate * (tanh'(v) * W^T e - e) for the units that are free, e = v - W tanh(v) - b, until nothing moves.
std::vector<double> jacobi(const Problem& problem, const std::vector<char>& clamped) {
  std::vector<double> v = problem.first, t(kUnits), e(kUnits), s(kUnits);
  for (std::size_t i = 0; i < kUnits; ++i)
    if (clamped[i]) v[i] = problem.data[i];
  for (double largest = 1; largest > 1e-15;) {
    for (std::size_t i = 0; i < kUnits; ++i) t[i] = std::tanh(v[i]);
    std::ranges::fill(s, 0);
    for (std::size_t r = 0; r < kUnits; ++r) {
      const double* w = &problem.weight[r * kUnits];
      double sum = problem.bias[r];
      for (std::size_t c = 0; c < kUnits; ++c) sum += w[c] * t[c];
      e[r] = v[r] - sum;
      for (std::size_t c = 0; c < kUnits; ++c) s[c] += w[c] * e[r];
    }
    largest = 0;
    for (std::size_t i = 0; i < kUnits; ++i) {
      if (clamped[i]) continue;
      const double step = kRate * ((1 - t[i] * t[i]) * s[i] - e[i]);
      v[i] += step;
      largest = std::max(largest, std::abs(step));
    }
  }
  return v;
}

}  // namespace

TEST_CASE(
    "a fully connected graph of 842 units settles where the Jacobi iteration does, in lockstep and asynchronously") {
  const Problem problem;
  const FullyConnected& model = problem.model;
  const Data data(problem);
  NodeSettings<double> settings;
  settings.rule = strict<double>(kRate);
  settings.wake = Wake::eager;
  settings.tolerance = 1e-13;
  settings.source = &data;
  NodeSettings<double> lockstep = settings;
  lockstep.pacing = Pacing::lockstep;
  lockstep.steps = 800;
  std::vector<std::pair<std::string, std::unique_ptr<Executor<double>>>> executors;
  executors.emplace_back("reference", make_reference_executor(model.graph, lockstep));
  executors.emplace_back("lockstep", make_caf_executor<double>(model.graph, lockstep, {.threads = 2}));
  executors.emplace_back("asynchronous", make_caf_executor<double>(model.graph, settings, {.threads = 1}));
  executors.emplace_back("asynchronous", make_caf_executor<double>(model.graph, settings, {.threads = 4}));
  for (const auto& entry : executors) entry.second->restore(problem.state, false);

  // Learning clamps x and y, recall x, generation y.
  const std::vector<std::vector<VertexId>> clamps = {{model.x, model.y}, {model.x}, {model.y}};
  for (const std::vector<VertexId>& held : clamps) {
    CAPTURE(held.size());
    CAPTURE(held.front());
    Trial trial;
    trial.samples = {0};
    trial.clamped = clamp_set(*model.graph, held);
    trial.learn = LearnMode::none;
    std::vector<char> clamped(kUnits, 0);
    for (VertexId id = 0; id < model.graph->size(); ++id)
      std::fill_n(clamped.begin() + static_cast<std::ptrdiff_t>(problem.start_of(id)), (*model.graph)[id].shape.size(),
                  (*trial.clamped)[id]);
    const std::vector<double> expected = jacobi(problem, clamped);
    for (const auto& [name, executor] : executors) {
      const TrialReport<double> report = run_trial(*executor, trial);
      CHECK_FALSE(report.diverged);
      CHECK(report.unsettled == 0);
      double worst = 0;
      for (VertexId id = 0; id < model.graph->size(); ++id) {
        const Tensor<double> value = executor->observe(id, Quantity::value);
        for (std::size_t i = 0; i < value.flat().size(); ++i)
          worst = std::max(worst, std::abs(value.flat()[i] - expected[problem.start_of(id) + i]));
      }
      const std::string& executor_name = name;
      CAPTURE(executor_name);
      CHECK(worst < 1e-9);
    }
  }
}

TEST_CASE("actors refuse rules that need a predict sweep on a cycle") {
  const FullyConnected model = fully_connected(2, 2, 2);
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(1);
  settings.wake = Wake::eager;
  CHECK_THROWS_AS(make_caf_executor<double>(model.graph, settings, {}), BadConfig);
  settings.rule = strict<double>(0.1);
  settings.wake = Wake::gather;
  CHECK_THROWS_AS(make_caf_executor<double>(model.graph, settings, {}), BadConfig);
}
