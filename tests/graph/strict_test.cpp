// What is known of strict predictive coding's equilibrium: its energy in deep linear networks, and that its gradient
// tends to backprop's as the output error shrinks.
#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>

#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

TEST_CASE("deep linear networks settle at F = 1/2 r^T S^-1 r, S = I + sum over l of (W_L..W_l)(W_L..W_l)^T, to 1e-10") {
  const GraphPtr graph = parse_graph(R"(
x ~ input(5)
a ~ normal(linear(x, 6, bias=0))
b ~ normal(linear(a, 4, bias=0))
c ~ normal(linear(b, 6, bias=0))
y ~ normal(linear(c, 3, bias=0))
)",
                                     "linear.graph");
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    RandomModel model;
    model.graph = graph;
    model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 4});
    model.batch = 3;
    const RandomData<double> data(graph, seed);
    Reference<double> reference(graph, seed, {});
    reference.predict(model.trial(LearnMode::none), data);
    const auto weight = [&](VertexId id) {
      const Tensor<double>& w = reference.node(id).parameter(0);
      return Matrix(Eigen::Map<const Matrix>(w.data(), w.shape()[0], w.shape()[1]));
    };
    Matrix down = Matrix::Identity(3, 3), spread = Matrix::Identity(3, 3);
    for (VertexId id = 4; id > 1; --id) {
      down = down * weight(id);
      spread += down * down.transpose();
    }
    down = down * weight(1);
    const Tensor<double> xs = reference.node(0).value().copy();
    const Tensor<double> ys = reference.node(4).value().copy();
    double expected = 0;
    for (int sample = 0; sample < 3; ++sample) {
      const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(xs.data() + 5 * sample, 5);
      const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(ys.data() + 3 * sample, 3);
      const Eigen::VectorXd r = y - down * x;
      expected += 0.5 * r.dot(spread.ldlt().solve(r));
    }
    reference.relax(*strict<double>(0.2), 2000);
    CAPTURE(seed);
    CHECK(std::abs(reference.free_energy() - expected) < 1e-10 * expected);
  }
}

TEST_CASE("strict relaxation's gradient tends to backprop's in proportion to the weight that the output error has") {
  // Published: .961 .658 .157 .0171 .00173 on a network of other sizes; what has to agree is the slope at the end.
  std::vector<double> distances;
  for (const std::string scale : {"1", "0.1", "0.01", "0.001", "0.0001"}) {
    RandomModel model;
    model.graph = parse_graph(
        "x ~ input(8)\na ~ normal(tanh(linear(x, 10)))\nb ~ normal(tanh(linear(a, 10)))\n"
        "y ~ normal(5 * linear(b, 5), precision=" +
            scale + ")",
        "m.graph");
    model.batch = 4;
    model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 3});
    const RandomData<double> data(model.graph, 7);
    const Trial trial = model.trial(LearnMode::read_out);
    Reference<double> reference(model.graph, 1, {});
    std::vector<std::vector<Tensor<double>>> exact;
    reference.predict(trial, data);
    reference.backprop();
    for (VertexId id = 1; id < 4; ++id) exact.push_back(reference.node(id).read_out());
    reference.predict(trial, data);
    reference.relax(*strict<double>(0.05), 3000);
    Distance distance;
    for (VertexId id = 1; id < 4; ++id) {
      const auto settled = reference.node(id).read_out();
      for (std::size_t k = 0; k < settled.size(); ++k)
        distance.add(settled[k].flat(), std::as_const(exact[id - 1][k]).flat());
    }
    distances.push_back(distance.relative());
    MESSAGE("output error times " << scale << ": relative distance " << distances.back());
  }
  CHECK(distances[0] > 0.5);
  for (std::size_t k = 1; k < distances.size(); ++k) CHECK(distances[k] < distances[k - 1]);
  CHECK(distances[3] / distances[2] == doctest::Approx(0.1).epsilon(0.2));
  CHECK(distances[4] / distances[3] == doctest::Approx(0.1).epsilon(0.02));
}
