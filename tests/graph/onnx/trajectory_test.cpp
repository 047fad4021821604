// Relaxation curves of imported models against ../shared/oracles/trajectories, at every granularity stored there.
#include <doctest/doctest.h>

#include <cmath>

#include "graph/reference.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/onnx_cases.hpp"

using namespace settle;
using namespace settle::test;

namespace {

namespace fs = std::filesystem;

// The strings of `"name": "..."` in a JSON text.
std::vector<std::string> names_in_json(const std::string& text) {
  std::vector<std::string> names;
  const std::string key = "\"name\": \"";
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    at += key.size();
    names.push_back(text.substr(at, text.find('"', at) - at));
  }
  return names;
}

std::vector<double> stored(const fs::path& folder, const std::string& name) {
  return read_npy((folder / (name + ".npy")).string()).values;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  Distance sum;
  sum.add(std::span<const double>(a), std::span<const double>(b));
  return sum.relative();
}

onnx::Granularity granularity_of(const std::string& folder) {
  if (folder == "data") return onnx::Granularity::op;
  return folder == "all" ? onnx::Granularity::all : onnx::Granularity::layer;
}

struct Run {
  explicit Run(const fs::path& from)
      : folder(from),
        oracle(shared_oracles() / "gradients" / from.parent_path().filename()),
        graph(oracle.graph(granularity_of(from.filename().string()))) {
    const std::string json = file_text(folder / "vertices.json");
    const std::size_t middle = json.find("\"params\"");
    vertices = names_in_json(json.substr(0, middle));
    parameters = names_in_json(json.substr(middle));
    reference.predict(data.trial(), data);
  }

  const Node<double>& node(const std::string& name) const { return reference.node(graph->find(name).value()); }

  // All vertices in the stored order, one after another.
  std::vector<double> errors(double sign) const {
    std::vector<double> all;
    for (const std::string& name : vertices) {
      const Payload<double> xi = node(name).weighted_error();
      const auto size = static_cast<std::size_t>(node(name).prediction()->size());
      for (std::size_t i = 0; i < size; ++i) all.push_back(xi ? sign * xi.flat()[i] : 0);
    }
    return all;
  }
  std::vector<double> values() const {
    std::vector<double> all;
    for (const std::string& name : vertices) {
      const auto flat = node(name).value()->flat();
      all.insert(all.end(), flat.begin(), flat.end());
    }
    return all;
  }
  // dL/d theta in the stored order, read out from the present errors.
  std::vector<double> gradients() {
    reference.collect_leaf_feedback(false);
    std::map<std::string, std::vector<double>> by_name;
    for (VertexId id = 0; id < graph->size(); ++id) {
      Node<double>& vertex = reference.node(id);
      if (vertex.vertex().parameters.empty()) continue;
      const std::vector<Tensor<double>> read = vertex.read_out();
      for (std::size_t k = 0; k < read.size(); ++k) {
        const ParameterSpec& spec = vertex.parameter_spec(k);
        std::vector<double>& values = by_name[spec.name];
        values.assign(static_cast<std::size_t>(spec.shape.size()), 0);
        std::ranges::copy(read[k].flat(), values.begin());
      }
    }
    std::vector<double> all;
    for (const std::string& name : parameters) {
      const std::vector<double>& gradient = by_name.at(name);
      all.insert(all.end(), gradient.begin(), gradient.end());
    }
    return all;
  }

  fs::path folder;
  OnnxCase oracle;
  GraphPtr graph;
  Reference<double> reference{graph, 0, {}};
  OnnxData<double> data{oracle, *graph};
  std::vector<std::string> vertices;
  std::vector<std::string> parameters;
};

// The folders MODEL/GRANULARITY of a kind; says where there are none.
std::vector<fs::path> trajectories(const std::string& kind) {
  std::vector<fs::path> folders;
  const fs::path root = shared_oracles() / "trajectories" / kind;
  if (!fs::is_directory(root)) {
    MESSAGE("skipped: there is no " << root.string());
    return folders;
  }
  for (const auto& model : fs::directory_iterator(root))
    for (const auto& granularity : fs::directory_iterator(model)) folders.push_back(granularity.path());
  std::ranges::sort(folders);
  return folders;
}

void check_vertices(const Run& run) {
  std::size_t computed = 0;
  for (const Vertex& vertex : run.graph->vertices()) computed += vertex.kind == VertexKind::computed ? 1 : 0;
  CHECK(computed == run.vertices.size());
}

}  // namespace

TEST_CASE("fixed-prediction curves of ONNX models are the stored ones, at every granularity stored") {
  for (const fs::path& folder : trajectories("fpa")) {
    CAPTURE(folder.string());
    Run run(folder);
    check_vertices(run);
    run.reference.backprop();
    const std::vector<double> exact = run.gradients();
    const std::string output = (*run.graph)[run.graph->outputs().front()].name;
    for (const auto& [written, rate] : {std::pair{"0.1", 0.1}, std::pair{"0.5", 0.5}, std::pair{"1.0", 1.0}}) {
      const std::string prefix = "eta" + std::string(written) + "_";
      CAPTURE(prefix);
      const std::vector<double> err_rel = stored(folder, prefix + "err_rel");
      const std::vector<double> hidden = stored(folder, prefix + "energy_hidden");
      REQUIRE(err_rel.size() == 201);
      run.reference.predict(run.data.trial(), run.data);
      run.reference.relax(*fixed_prediction<double>(rate), 200, [&](std::uint64_t t) {
        CAPTURE(t);
        const std::vector<double> gradients = run.gradients();
        CHECK(std::abs(distance(gradients, exact) - err_rel[t]) < 1e-10);
        CHECK(run.reference.free_energy() - run.node(output).energy() == doctest::Approx(hidden[t]).epsilon(1e-10));
        if (t != 1 && t != 2 && t != 5 && t != 20 && t != 200) return;
        CHECK(distance(run.errors(-1), stored(folder, prefix + "eps_t" + std::to_string(t))) < 1e-10);
        CHECK(distance(gradients, stored(folder, prefix + "gradparam_t" + std::to_string(t))) < 1e-10);
      });
    }
  }
}

TEST_CASE("strict curves of ONNX models are the stored ones, at every granularity stored") {
  for (const fs::path& folder : trajectories("il")) {
    CAPTURE(folder.string());
    Run run(folder);
    check_vertices(run);
    const std::vector<double> energy = stored(folder, "energy");
    const std::vector<double> by_vertex = stored(folder, "energy_per_vertex");
    REQUIRE(energy.size() == 101);
    run.reference.relax(*strict<double>(0.1), 100, [&](std::uint64_t t) {
      CAPTURE(t);
      CHECK(std::abs(run.reference.free_energy() - energy[t]) < 1e-10 * energy[t]);
      for (std::size_t k = 0; k < run.vertices.size(); ++k)
        CHECK(std::abs(run.node(run.vertices[k]).energy() - by_vertex[t * run.vertices.size() + k]) <
              1e-10 * energy[t]);
      if (t != 0 && t != 1 && t != 10 && t != 100) return;
      const std::string at = "_t" + std::to_string(t);
      CHECK(distance(run.values(), stored(folder, "act" + at)) < 1e-10);
      CHECK(distance(run.errors(1), stored(folder, "eps" + at)) < 1e-10);
      CHECK(distance(run.gradients(), stored(folder, "dF_dparam" + at)) < 1e-10);
    });
  }
}
