// Gradients and relaxation trajectories against arrays that independent programs computed (tests/data/README.md).
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <vector>

#include "graph/error.hpp"
#include "graph/reference.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/oracle_cases.hpp"

using namespace settle;
using namespace settle::test;

namespace {

struct Run {
  explicit Run(const OracleCase& from) : oracle(from), graph(parse_graph(from.text, from.name + ".graph")) {
    const auto parameters = oracle_parameters(from);
    std::size_t loaded = 0;
    for (VertexId id = 0; id < graph->size(); ++id) {
      Node<double>& node = reference.node(id);
      for (std::size_t k = 0; k < node.parameter_count(); ++k) {
        const auto found = parameters.find(node.parameter_spec(k).name);
        if (found == parameters.end()) continue;
        REQUIRE(found->second.shape() == node.parameter_spec(k).shape);
        node.set_parameter(k, found->second.view());
        ++loaded;
      }
    }
    REQUIRE(loaded == parameters.size());
    start();
  }
  double start() { return reference.predict(data.trial(), data); }

  const Node<double>& node(const std::string& name) const { return reference.node(graph->find(name).value()); }

  // All vertices in the stored order, one after another.
  template <class Part>
  std::vector<double> flat(Part part) const {
    std::vector<double> all;
    for (const std::string& name : oracle.vertices) {
      const Node<double>& vertex = node(name);
      const Payload<double> tensor = part(vertex);
      if (tensor)
        all.insert(all.end(), tensor->flat().begin(), tensor->flat().end());
      else
        all.insert(all.end(), static_cast<std::size_t>(vertex.prediction()->size()), 0.0);
    }
    return all;
  }
  std::vector<double> errors(double sign) const {
    std::vector<double> all = flat([](const Node<double>& vertex) { return vertex.weighted_error(); });
    for (double& x : all) x *= sign;
    return all;
  }
  std::vector<double> values() const {
    return flat([](const Node<double>& vertex) { return vertex.value(); });
  }
  // dL/d theta in the stored order, read out from the present errors.
  std::vector<double> gradients() {
    reference.collect_leaf_feedback(true);
    std::map<std::string, Tensor<double>> by_name;
    for (VertexId id = 0; id < graph->size(); ++id) {
      Node<double>& vertex = reference.node(id);
      if (vertex.vertex().parameters.empty()) continue;
      std::vector<Tensor<double>> read = vertex.read_out();
      for (std::size_t k = 0; k < read.size(); ++k) by_name[vertex.parameter_spec(k).name] = std::move(read[k]);
    }
    std::vector<double> all;
    for (const auto& [stored, name] : oracle.parameters) {
      const Tensor<double>& gradient = by_name.at(name);
      all.insert(all.end(), gradient.flat().begin(), gradient.flat().end());
    }
    return all;
  }

  OracleCase oracle;
  GraphPtr graph;
  Reference<double> reference{graph, 0, {}};
  OracleData data{oracle, *graph};
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  Distance sum;
  sum.add(std::span<const double>(a), std::span<const double>(b));
  return sum.relative();
}

std::vector<double> stored(const std::string& path) { return read_npy(test_data(path)).values; }

}  // namespace

TEST_CASE("predictions, parameter gradients and input gradients are PyTorch's, for every case and granularity") {
  for (const OracleCase& oracle : oracle_cases()) {
    CAPTURE(oracle.name);
    CAPTURE(oracle.granularity);
    const std::string folder = "gradients/" + oracle.name + "/";
    Run run(oracle);
    run.reference.backprop();
    const auto output = run.node("y").prediction()->flat();
    CHECK(distance({output.begin(), output.end()}, stored(folder + "output_f64")) < 1e-10);
    std::vector<double> expected;
    for (const auto& [name, ours] : oracle.parameters) {
      const std::vector<double> part = stored(folder + "grad_" + name + "_f64");
      expected.insert(expected.end(), part.begin(), part.end());
    }
    CHECK(distance(run.gradients(), expected) < 1e-10);
    for (const VertexId input : run.graph->inputs()) {
      const Tensor<double> gradient = run.reference.node(input).read_out()[0];
      CHECK(distance({gradient.flat().begin(), gradient.flat().end()},
                     stored(folder + "gradin_" + (*run.graph)[input].name + "_f64")) < 1e-10);
    }
  }
}

TEST_CASE(
    "fixed-prediction trajectories are the stored ones: errors, gradients, hidden energy, distance from backprop") {
  for (const OracleCase& oracle : oracle_cases()) {
    if (!oracle.fixed_prediction) continue;
    Run run(oracle);
    run.reference.backprop();
    const std::vector<double> exact = run.gradients();
    for (const auto& [written, rate] : {std::pair{"0.1", 0.1}, std::pair{"0.5", 0.5}, std::pair{"1.0", 1.0}}) {
      const std::string prefix =
          "trajectories/fpa/" + oracle.name + "/" + oracle.granularity + "/eta" + std::string(written) + "_";
      CAPTURE(prefix);
      const std::vector<double> err_rel = stored(prefix + "err_rel"), hidden = stored(prefix + "energy_hidden");
      REQUIRE(err_rel.size() == 201);
      run.start();
      run.reference.relax(*fixed_prediction<double>(rate), 200, [&](std::uint64_t t) {
        CAPTURE(t);
        const std::vector<double> gradients = run.gradients();
        CHECK(std::abs(distance(gradients, exact) - err_rel[t]) < 1e-10);
        CHECK(run.reference.free_energy() - run.node("y").energy() == doctest::Approx(hidden[t]).epsilon(1e-10));
        if (t != 1 && t != 2 && t != 5 && t != 20 && t != 200) return;
        CHECK(distance(run.errors(-1), stored(prefix + "eps_t" + std::to_string(t))) < 1e-10);
        CHECK(distance(gradients, stored(prefix + "gradparam_t" + std::to_string(t))) < 1e-10);
      });
    }
  }
}

TEST_CASE("strict trajectories are the stored ones: free energy in all and by vertex, values, errors, gradients") {
  for (const OracleCase& oracle : oracle_cases()) {
    if (!oracle.strict) continue;
    Run run(oracle);
    const std::string prefix = "trajectories/il/" + oracle.name + "/" + oracle.granularity + "/";
    CAPTURE(prefix);
    const std::vector<double> energy = stored(prefix + "energy"), by_vertex = stored(prefix + "energy_per_vertex");
    REQUIRE(energy.size() == 101);
    run.reference.relax(*strict<double>(0.1), 100, [&](std::uint64_t t) {
      CAPTURE(t);
      CHECK(std::abs(run.reference.free_energy() - energy[t]) < 1e-10 * energy[t]);
      for (std::size_t k = 0; k < oracle.vertices.size(); ++k)
        CHECK(std::abs(run.node(oracle.vertices[k]).energy() - by_vertex[t * oracle.vertices.size() + k]) <
              1e-10 * energy[t]);
      if (t != 0 && t != 1 && t != 10 && t != 100) return;
      const std::string at = "_t" + std::to_string(t);
      CHECK(distance(run.values(), stored(prefix + "act" + at)) < 1e-10);
      CHECK(distance(run.errors(1), stored(prefix + "eps" + at)) < 1e-10);
      CHECK(distance(run.gradients(), stored(prefix + "dF_dparam" + at)) < 1e-10);
    });
  }
}
