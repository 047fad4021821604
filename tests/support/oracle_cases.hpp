// Purpose: the models of tests/data as `.graph` text, at both granularities, with the names that tie their vertices and
// parameters to the stored arrays, and their data as a clamp source. Caller: tests. Thread rule: immutable.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "graph/language/language.hpp"
#include "graph/trial.hpp"
#include "tests/support/npy.hpp"

namespace settle::test {

struct OracleCase {
  std::string name;
  std::string granularity;
  std::string text;
  std::vector<std::string> vertices;  // the stored order
  // Stored parameter, the parameter here; in the stored order.
  std::vector<std::pair<std::string, std::string>> parameters;
  bool fixed_prediction = true;  // a trajectory of that kind is stored
  bool strict = true;
};

inline std::string numbered(std::string prefix, int number) {
  prefix += std::to_string(number);
  return prefix;
}

inline std::string test_data(const std::string& path) {
  return std::string(SETTLE_SOURCE_DIR) + "/tests/data/" + path + ".npy";
}

inline std::vector<OracleCase> oracle_cases() {
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  const auto dense = [](const std::vector<std::pair<std::string, std::string>>& layers) {
    Parameters parameters;
    for (const auto& [stored, vertex] : layers)
      for (const char* suffix : {".weight", ".bias"}) parameters.emplace_back(stored + suffix, vertex + suffix);
    return parameters;
  };
  const auto letters = [](const std::vector<std::pair<std::string, std::string>>& layers) {
    Parameters parameters;
    for (const auto& [stored, vertex] : layers) {
      parameters.emplace_back("W" + stored, vertex + ".weight");
      parameters.emplace_back("b" + stored, vertex + ".bias");
    }
    return parameters;
  };
  std::vector<OracleCase> cases;
  cases.push_back({"mlp_tanh",
                   "layer",
                   R"(
x0 ~ input(6)
a ~ normal(tanh(linear(x0, 8)))
b ~ normal(tanh(linear(a, 5)))
y ~ normal(linear(b, 3))
)",
                   {"a", "b", "y"},
                   dense({{"0", "a"}, {"2", "b"}, {"4", "y"}})});
  cases.push_back({"mlp_tanh",
                   "data",
                   R"(
x0 ~ input(6)
za ~ normal(linear(x0, 8))
a ~ normal(tanh(za))
zb ~ normal(linear(a, 5))
b ~ normal(tanh(zb))
y ~ normal(linear(b, 3))
)",
                   {"za", "a", "zb", "b", "y"},
                   dense({{"0", "za"}, {"2", "zb"}, {"4", "y"}})});
  OracleCase deep{"mlp_sigmoid_deep", "layer", "x0 ~ input(5)\n", {}, {}};
  OracleCase deep_data{"mlp_sigmoid_deep", "data", "x0 ~ input(5)\n", {}, {}};
  std::vector<std::pair<std::string, std::string>> layers, data_layers;
  std::string before = "x0";
  for (int k = 0; k < 5; ++k) {
    const std::string h = numbered("h", k), z = numbered("z", k), stored = std::to_string(2 * k);
    deep.text += h + " ~ normal(sigmoid(linear(" + before + ", 5)))\n";
    deep.vertices.push_back(h);
    layers.emplace_back(stored, h);
    deep_data.text += z + " ~ normal(linear(" + before + ", 5))\n" + h + " ~ normal(sigmoid(" + z + "))\n";
    deep_data.vertices.insert(deep_data.vertices.end(), {z, h});
    data_layers.emplace_back(stored, z);
    before = h;
  }
  for (OracleCase* model : {&deep, &deep_data}) {
    model->text += "y ~ normal(linear(h4, 2))\n";
    model->vertices.push_back("y");
    auto& list = model == &deep ? layers : data_layers;
    list.emplace_back("10", "y");
    model->parameters = dense(list);
    model->fixed_prediction = false;
    cases.push_back(*model);
  }
  cases.push_back({"residual_mlp",
                   "layer",
                   R"(
x0 ~ input(4)
g ~ normal(linear(x0, 6))
t ~ normal(tanh(linear(g, 6)))
s ~ normal(g + t)
t1 ~ normal(tanh(linear(s, 6)))
t2 ~ normal(tanh(linear(t1, 6)))
s1 ~ normal(s + t2)
y ~ normal(linear(s1, 2))
)",
                   {"g", "t", "s", "t1", "t2", "s1", "y"},
                   letters({{"i", "g"}, {"1", "t"}, {"2", "t1"}, {"3", "t2"}, {"o", "y"}})});
  cases.push_back({"residual_mlp",
                   "data",
                   R"(
x0 ~ input(4)
g ~ normal(linear(x0, 6))
zt ~ normal(linear(g, 6))
t ~ normal(tanh(zt))
s ~ normal(g + t)
zt1 ~ normal(linear(s, 6))
t1 ~ normal(tanh(zt1))
zt2 ~ normal(linear(t1, 6))
t2 ~ normal(tanh(zt2))
s1 ~ normal(s + t2)
y ~ normal(linear(s1, 2))
)",
                   {"g", "zt", "t", "s", "zt1", "t1", "zt2", "t2", "s1", "y"},
                   letters({{"i", "g"}, {"1", "zt"}, {"2", "zt1"}, {"3", "zt2"}, {"o", "y"}})});
  cases.push_back({"shared_dag",
                   "layer",
                   R"(
x0 ~ input(5)
a ~ normal(tanh(linear(x0, 5, share=S)))
g ~ normal(sigmoid(linear(a, 5, share=S)))
v ~ normal(tanh(linear(a, 5, bias=0)))
s ~ normal(g + v)
z ~ normal(linear(s, 5, share=S))
y ~ normal(z - a)
)",
                   {"a", "g", "v", "s", "z", "y"},
                   {{"Ws", "S.weight"}, {"bs", "S.bias"}, {"V", "v.weight"}}});
  cases.push_back({"shared_dag",
                   "data",
                   R"(
x0 ~ input(5)
za ~ normal(linear(x0, 5, share=S))
a ~ normal(tanh(za))
zg ~ normal(linear(a, 5, share=S))
g ~ normal(sigmoid(zg))
zv ~ normal(linear(a, 5, bias=0))
v ~ normal(tanh(zv))
s ~ normal(g + v)
z ~ normal(linear(s, 5, share=S))
y ~ normal(z - a)
)",
                   {"za", "a", "zg", "g", "zv", "v", "s", "z", "y"},
                   {{"Ws", "S.weight"}, {"bs", "S.bias"}, {"V", "zv.weight"}}});
  cases.push_back({"scalar_composed",
                   "layer",
                   R"(
x0 ~ input(1)
x1 ~ input(1)
theta ~ parameter(1)
s ~ normal(sqrt(theta * x0))
q ~ normal(sin(x1 ^ 2))
y ~ normal(tan(s + q))
)",
                   {"s", "q", "y"},
                   {{"theta", "theta"}},
                   true,
                   false});
  cases.push_back({"scalar_composed",
                   "data",
                   R"(
x0 ~ input(1)
x1 ~ input(1)
theta ~ parameter(1)
m ~ normal(theta * x0)
s ~ normal(sqrt(m))
p ~ normal(x1 ^ 2)
q ~ normal(sin(p))
z ~ normal(s + q)
y ~ normal(tan(z))
)",
                   {"m", "s", "p", "q", "z", "y"},
                   {{"theta", "theta"}},
                   true,
                   false});
  return cases;
}

// The whole stored batch, as inputs and target of a case.
class OracleData final : public ClampSource<double> {
 public:
  OracleData(const OracleCase& from, const Graph& graph) : graph_(&graph) {
    std::vector<VertexId> held(graph.inputs().begin(), graph.inputs().end());
    held.push_back(graph.find("y").value());
    arrays_.resize(graph.size());
    for (const VertexId id : held) {
      const std::string& name = graph[id].name;
      arrays_[id] = read_npy(test_data("gradients/" + from.name + (name == "y" ? "/target" : "/input_" + name)));
      trial_.samples.resize(static_cast<std::size_t>(arrays_[id].shape[0]));
    }
    trial_.clamped = clamp_set(graph, held);
    trial_.learn = LearnMode::read_out;
  }
  const Trial& trial() const { return trial_; }

  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    if (static_cast<std::size_t>(out.size()) != arrays_[vertex].values.size())
      throw std::runtime_error("the stored data of " + (*graph_)[vertex].name + " has another size");
    std::ranges::copy(arrays_[vertex].values, out.data());
  }

 private:
  const Graph* graph_;
  std::vector<NpyArray> arrays_;
  Trial trial_;
};

// The stored parameters of a case under the names of its model.
inline std::map<std::string, Tensor<double>> oracle_parameters(const OracleCase& from) {
  std::map<std::string, Tensor<double>> state;
  for (const auto& [stored, name] : from.parameters) {
    const NpyArray array = read_npy(test_data("gradients/" + from.name + "/param_" + stored));
    state.emplace(name, Tensor<double>(Shape(array.shape), array.values));
  }
  return state;
}

}  // namespace settle::test
