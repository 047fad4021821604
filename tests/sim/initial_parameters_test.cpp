#include "sim/initial_parameters.hpp"

#include <doctest/doctest.h>

#include "graph/language/language.hpp"
#include "sim/npz.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
TEST_CASE("initial parameters are read by name in the precision of the run") {
  const Scratch scratch;
  const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 1))\n", "m.graph");
  const Tensor<double> weight(Shape{1, 2}, std::vector<double>{0.1, -2});
  const Tensor<double> bias(Shape{1}, std::vector<double>{3});
  write_npz<double>(scratch / "p.npz", {{"y.weight", weight.view()}, {"y.bias", bias.view()}});
  const State<float> read = read_initial_parameters<float>(*graph, scratch / "p.npz");
  REQUIRE(read.size() == 2);
  CHECK(read.at("y.weight").shape() == Shape{1, 2});
  CHECK(read.at("y.weight").flat()[0] == 0.1f);
  CHECK(read.at("y.bias").flat()[0] == 3.0f);
}

TEST_CASE("initial parameters that are missing, too many or of another shape are all named at once") {
  const Scratch scratch;
  const GraphPtr graph = parse_graph("x ~ input(2)\nh ~ normal(linear(x, 3))\ny ~ normal(linear(h, 1))\n", "m.graph");
  const Tensor<double> wrong(Shape{2, 3});
  const Tensor<double> bias(Shape{3});
  const std::string file = (scratch / "p.npz").string();
  write_npz<double>(
      file, {{"h.weight", wrong.view()}, {"h.bias", bias.view()}, {"y.wieght", wrong.view()}, {"moment", bias.view()}});
  CHECK(thrown_by([&] { read_initial_parameters<double>(*graph, file); }) ==
        "65: " + file +
            ": graph.parameters must hold each parameter of the model, and nothing else:\n"
            "  'h.weight' is [2, 3], the model's is [3, 2]\n"
            "  lacks 'y.weight', [1, 3]\n"
            "  lacks 'y.bias', [1]\n"
            "  'moment' is no parameter of the model\n"
            "  'y.wieght' is no parameter of the model; did you mean 'y.weight'?");
  CHECK(thrown_by([&] { read_initial_parameters<double>(*graph, scratch / "none.npz"); }).starts_with("66: "));
}

}  // namespace settle
