// The scalar experiment of Millidge, Tschantz & Buckley 2020, section 5.1: y4 = tan(sqrt(theta v0)) + sin(v0^2), v0 =
// 5, theta = 2, L = 1/2 (1 - y4)^2. The expected figures were measured and derived outside this project.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/reference.hpp"

using namespace settle;

namespace {

class ScalarData final : public ClampSource<double> {
 public:
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    out.fill(vertex == 0 ? 5 : 1);
  }
};

struct Experiment {
  Experiment() {
    trial.samples = {0};
    trial.clamped = clamp_set(*graph, std::vector<VertexId>{id("v0"), id("y4")});
    REQUIRE(id("v0") == 0);
    reference.predict(trial, data);
  }
  VertexId id(const char* name) const { return graph->find(name).value(); }
  double dloss(const char* vertex) const {
    const Payload<double>& xi = reference.node(id(vertex)).weighted_error();
    return xi ? -xi->data()[0] : 0;
  }
  double dloss_dv0() {
    reference.collect_leaf_feedback(true);
    return reference.node(0).read_out()[0].data()[0];
  }
  // Calls watch(t, dL/dv0 as read out at t).
  void relax(double rate, std::uint64_t steps, const std::function<void(std::uint64_t, double)>& watch) {
    reference.predict(trial, data);
    reference.relax(*fixed_prediction<double>(rate), steps, [&](std::uint64_t t) { watch(t, dloss_dv0()); });
  }

  GraphPtr graph = load_graph(SETTLE_SOURCE_DIR "/configs/scalar.graph");
  Reference<double> reference{graph, 0, {}};
  ScalarData data;
  Trial trial;
};

// Half a unit of the last digit that the figure was written with.
bool agrees(double value, double written, double unit) { return std::abs(value - written) <= 0.5 * unit; }

}  // namespace

TEST_CASE("the scalar experiment's gradients are the published ones, digit by digit, and those of calculus") {
  Experiment experiment;
  experiment.reference.backprop();
  CHECK(agrees(experiment.dloss_dv0(), -11.3705321867, 1e-10));
  CHECK(agrees(experiment.dloss("y1"), -0.175844706744, 1e-12));
  CHECK(agrees(experiment.dloss("y2"), -1.11213957559, 1e-11));
  CHECK(agrees(experiment.dloss("y3"), -1.10188427732, 1e-11));
  CHECK(agrees(experiment.dloss("y4"), -1.11166379285, 1e-11));

  const double root = std::sqrt(10.0);
  const double y4 = std::tan(root) + std::sin(25.0);
  const double d2 = (y4 - 1) / std::pow(std::cos(root), 2), d3 = (y4 - 1) * std::cos(25.0), d1 = d2 / (2 * root);
  CHECK(experiment.dloss_dv0() == doctest::Approx(2 * d1 + 10 * d3).epsilon(1e-12));
  CHECK(experiment.dloss("y1") == doctest::Approx(d1).epsilon(1e-12));
  experiment.reference.collect_leaf_feedback(true);
  const auto theta = experiment.reference.node(experiment.id("theta")).read_out();
  CHECK(theta[0].data()[0] == doctest::Approx(5 * d1).epsilon(1e-12));
}

TEST_CASE("the scalar experiment's distance from backprop after 499 steps is the published one for every rate") {
  Experiment experiment;
  experiment.reference.backprop();
  const double exact = experiment.dloss_dv0();
  const auto divergence = [&](double rate) {
    double last = 0;
    experiment.relax(rate, 499, [&](std::uint64_t, double now) { last = std::abs(now - exact); });
    return last;
  };
  CHECK(agrees(divergence(0.01), 8.72e-2, 1e-4));
  CHECK(agrees(divergence(0.02), 6.259e-4, 1e-7));
  CHECK(agrees(divergence(0.05), 1.58e-10, 1e-12));
  CHECK(divergence(0.1) <= 1.65e-13);  // rounding: the closed form is at 1e-20
}

TEST_CASE("the scalar experiment needs the published number of steps to come within 1e-6 of backprop") {
  Experiment experiment;
  experiment.reference.backprop();
  const double exact = experiment.dloss_dv0();
  const std::pair<double, std::uint64_t> published[] = {{0.01, 1411}, {0.02, 703}, {0.05, 277}, {0.1, 135},
                                                        {0.2, 64},    {0.5, 21},   {1, 2}};
  for (const auto& entry : published) {
    const double rate = entry.first;
    const std::uint64_t steps = entry.second;
    std::uint64_t first = 0;
    experiment.relax(rate, 1500, [&](std::uint64_t t, double now) {
      if (first == 0 && std::abs(now - exact) <= 1e-6 * std::abs(exact)) first = t;
    });
    CAPTURE(rate);
    CHECK(first == steps);
  }
}

TEST_CASE("the scalar experiment follows its closed form at every step") {
  Experiment experiment;
  experiment.reference.backprop();
  const double exact = experiment.dloss_dv0();
  const double through_y1 = 2 * experiment.dloss("y1"), through_y3 = 10 * experiment.dloss("y3");
  CHECK(agrees(through_y1, -0.351689, 1e-6));
  CHECK(agrees(through_y3, -11.018843, 1e-6));
  for (const double rate : {0.01, 0.02, 0.1, 0.5})
    experiment.relax(rate, 499, [&](std::uint64_t step, double now) {
      const auto t = static_cast<double>(step);
      const double none = std::pow(1 - rate, t);
      const double one = step == 0 ? 0 : t * rate * std::pow(1 - rate, t - 1);
      const double missing = -(through_y1 * (none + one) + through_y3 * none);
      CAPTURE(rate);
      CAPTURE(step);
      CHECK(std::abs(now - exact - missing) <= 1e-12 * std::abs(exact));
    });
}
