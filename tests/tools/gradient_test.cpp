// `settle gradient` as a user runs it, against gradients from outside.
#include <doctest/doctest.h>

#include "tests/tools/gradient_case.hpp"

using namespace settle;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* kMlp =
    "x0 ~ input(6)\n"
    "h1 ~ normal(tanh(linear(x0, 8)))\n"
    "h2 ~ normal(tanh(linear(h1, 5)))\n"
    "y  ~ normal(linear(h2, 3))\n";
const std::map<std::string, std::string> kMlpParameters = {{"h1.weight", "0.weight"}, {"h1.bias", "0.bias"},
                                                           {"h2.weight", "2.weight"}, {"h2.bias", "2.bias"},
                                                           {"y.weight", "4.weight"},  {"y.bias", "4.bias"}};
constexpr const char* kScalar =
    "x0    ~ input(1)\n"
    "x1    ~ input(1)\n"
    "theta ~ parameter(1)\n"
    "a     ~ normal(theta * x0)\n"
    "b     ~ normal(sqrt(a))\n"
    "c     ~ normal(x1 ^ 2)\n"
    "y     ~ normal(tan(b + sin(c)))\n";

void check_mlp(const Scratch& scratch, double tolerance) {
  for (const auto& parameter : kMlpParameters) {
    const std::string& ours = parameter.first;
    const Tensor<double> oracle = array_of(oracle_folder("mlp_tanh") / ("grad_" + parameter.second + "_f64.npy"));
    const Tensor<double> mine = array_of(scratch / ("out/grad_" + ours + ".npy"));
    CHECK(mine.shape() == oracle.shape());
    CHECK_MESSAGE(distance(mine, oracle) < tolerance, ours);
  }
  const Tensor<double> oracle = array_of(oracle_folder("mlp_tanh") / "gradin_x0_f64.npy");
  const Tensor<double> mine = array_of(scratch / "out/gradin_x0.npy");
  CHECK(mine.shape() == oracle.shape());
  CHECK(distance(mine, oracle) < tolerance);
}

}  // namespace

TEST_CASE("gradient of a tanh net agrees with autograd in both precisions and with its own backprop to the bit") {
  for (const std::string scalar : {"float64", "float32"}) {
    const Scratch scratch;
    lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
    for (const std::string threads : {"1", "2"}) {
      const ProcessResult run = run_gradient(scratch, {"--scalar", scalar, "--threads", threads});
      CHECK(run.err == "");
      REQUIRE(run.exit_code == 0);
      check_mlp(scratch, scalar == "float64" ? 1e-10 : 1e-5);
      const nlohmann::json result = nlohmann::json::parse(get(scratch / "out/result.json"));
      CHECK(result.at("backprop_relative_error") == 0);
      CHECK(result.at("actors") == 4);
      CHECK(result.at("vertices") == 4);
      CHECK(result.at("updates") == 2);  // h1 and h2, once each
      CHECK(result.at("steps") == 1);
      CHECK(result.at("unsettled") == 0);
      CHECK(result.at("messages") > 0);
      CHECK(result.at("seconds") > 0);
      CHECK(std::abs(result.at("loss").get<double>() - 5.152162810782209) < 1e-5);
      CHECK(result.at("free_energy") >= result.at("loss"));
    }
  }
}

TEST_CASE("gradient of a composed scalar function agrees with autograd in both precisions") {
  for (const std::string scalar : {"float64", "float32"}) {
    const Scratch scratch;
    lay_out(scratch, "scalar_composed", kScalar, {{"theta", "theta"}});
    const ProcessResult run = run_gradient(scratch, {"--scalar", scalar, "--json"});
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    for (const std::string name : {"grad_theta", "gradin_x0", "gradin_x1"}) {
      const Tensor<double> oracle = array_of(oracle_folder("scalar_composed") / (name + "_f64.npy"));
      const Tensor<double> mine = array_of(scratch / ("out/" + name + ".npy"));
      CHECK(mine.shape() == oracle.shape());
      CHECK_MESSAGE(distance(mine, oracle) < (scalar == "float64" ? 1e-10 : 1e-5), name);
    }
    const nlohmann::json result = last_line(run);
    CHECK(result == nlohmann::json::parse(get(scratch / "out/result.json")));
    CHECK(result.at("backprop_relative_error") == 0);
  }
}

TEST_CASE("gradient runs backprop on the reference, with no actor and no message") {
  const Scratch scratch;
  lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
  const ProcessResult run = run_gradient(scratch, {"--rule", "backprop", "--scalar", "float64", "--json"});
  REQUIRE(run.exit_code == 0);
  check_mlp(scratch, 1e-10);
  CHECK(last_line(run).at("actors") == 0);
  CHECK(last_line(run).at("messages") == 0);
}

TEST_CASE("lockstep at rate 0.5 with 3 steps gives a layer d hops from the output c_d(3) of its gradient") {
  // P(Binomial(3, 1/2) >= d)
  const std::map<std::string, double> share = {{"y", 1}, {"h2", 7. / 8}, {"h1", 4. / 8}};
  for (const std::string executor : {"caf", "reference"}) {
    const Scratch scratch;
    lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
    const ProcessResult run = run_gradient(scratch, {"--pacing", "lockstep", "--value-rate", "0.5", "--steps", "3",
                                                     "--scalar", "float64", "--executor", executor, "--json"});
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    for (const auto& parameter : kMlpParameters) {
      const std::string& ours = parameter.first;
      const Tensor<double> oracle = array_of(oracle_folder("mlp_tanh") / ("grad_" + parameter.second + "_f64.npy"));
      const double scale = share.at(ours.substr(0, ours.find('.')));
      CHECK_MESSAGE(distance(array_of(scratch / ("out/grad_" + ours + ".npy")), oracle, scale) < 1e-12, ours);
    }
    CHECK(last_line(run).at("steps") == 3);
    CHECK(last_line(run).at("updates") == 6);
    CHECK(last_line(run).at("backprop_relative_error") > 0.01);
  }
}

TEST_CASE("a trace has a row for every step from 0 and ends where the run ends") {
  std::map<std::string, std::string> traces;
  for (const std::string executor : {"caf", "reference"}) {
    const Scratch scratch;
    lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
    const ProcessResult run =
        run_gradient(scratch, {"--pacing", "lockstep", "--value-rate", "1", "--steps", "3", "--scalar", "float64",
                               "--executor", executor, "--trace", "--json"});
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    const auto rows = table_of(get(scratch / "out/trace.csv"));
    REQUIRE(rows.size() == 5);
    CHECK(rows[0] == std::vector<std::string>{"step", "free_energy", "gradient_error", "max_update", "messages"});
    for (std::size_t t = 0; t <= 3; ++t) CHECK(rows[t + 1][0] == std::to_string(t));
    CHECK(std::stod(rows[1][2]) > 0.1);   // the output layer's gradient alone
    CHECK(std::stod(rows[2][2]) > 0.01);  // all but the first layer's
    CHECK(rows[3][2] == "0");             // exact after as many steps as there are hops
    CHECK(rows[4][3] == "0");             // and nothing moves any more
    CHECK(std::stod(rows[4][1]) == doctest::Approx(last_line(run).at("free_energy").get<double>()).epsilon(1e-14));
    CHECK(last_line(run).at("backprop_relative_error") == 0);
    std::string& steps = traces[executor];
    for (const auto& row : rows) steps += row[0] + " " + row[1] + " " + row[2] + " " + row[3] + "\n";
  }
  CHECK(traces["caf"] == traces["reference"]);
}

TEST_CASE("gradient of a bernoulli output is that of binary cross entropy in closed form") {
  const Scratch scratch;
  put(scratch / "model.graph", "x ~ input(2)\ny ~ bernoulli(linear(x, 1))\n");
  std::filesystem::create_directory(scratch / "case");
  put(scratch / "case/case.json", "{\"loss\": \"bce\"}");
  const auto write = [&](const std::string& name, const Shape& shape, const std::vector<double>& values) {
    write_npy<double>(scratch / ("case/" + name + ".npy"), ConstView<double>(values.data(), shape));
  };
  write("input_x", {2, 2}, {1, -2, 0.5, 3});
  write("target", {2, 1}, {1, 0.25});
  write("param_y.weight", {1, 2}, {0.3, -0.7});
  write("param_y.bias", {1}, {0.1});
  const ProcessResult run = run_gradient(scratch, {"--scalar", "float64", "--json"});
  REQUIRE(run.exit_code == 0);
  const double z[] = {0.3 + 1.4 + 0.1, 0.15 - 2.1 + 0.1}, v[] = {1, 0.25}, x[2][2] = {{1, -2}, {0.5, 3}};
  double loss = 0, bias = 0, weight[2] = {0, 0};
  for (int sample = 0; sample < 2; ++sample) {
    const double p = 1 / (1 + std::exp(-z[sample]));
    loss -= v[sample] * std::log(p) + (1 - v[sample]) * std::log(1 - p);
    bias += p - v[sample];
    for (int k = 0; k < 2; ++k) weight[k] += (p - v[sample]) * x[sample][k];
  }
  const auto gradient = array_of(scratch / "out/grad_y.weight.npy");
  CHECK(last_line(run).at("loss").get<double>() == doctest::Approx(loss).epsilon(1e-14));
  CHECK(gradient.data()[0] == doctest::Approx(weight[0]).epsilon(1e-14));
  CHECK(gradient.data()[1] == doctest::Approx(weight[1]).epsilon(1e-14));
  CHECK(array_of(scratch / "out/grad_y.bias.npy").data()[0] == doctest::Approx(bias).epsilon(1e-14));
  CHECK(last_line(run).at("backprop_relative_error") == 0);
}

TEST_CASE("gradient replaces its own earlier result and nothing else") {
  const Scratch scratch;
  lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
  std::filesystem::create_directory(scratch / "out");
  put(scratch / "out/result.json", "{\"test_accuracy\": 0.9}");
  const ProcessResult refused = run_gradient(scratch, {});
  CHECK(refused.exit_code == 73);
  CHECK(has(refused.err, "settle: out: "));
  CHECK(names_in(scratch / "out").size() == 1);
  CHECK(get(scratch / "out/result.json") == "{\"test_accuracy\": 0.9}");
  std::filesystem::remove(scratch / "out/result.json");
  CHECK(run_gradient(scratch, {"--pacing", "lockstep", "--steps", "2", "--trace"}).exit_code == 0);
  CHECK(std::filesystem::exists(scratch / "out/trace.csv"));
  put(scratch / "out/notes.txt", "mine");
  CHECK(run_gradient(scratch, {}).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(scratch / "out/trace.csv"));
  CHECK(get(scratch / "out/notes.txt") == "mine");
}

TEST_CASE("what is wrong with a case is one line that names the file, with the documented exit code") {
  const Scratch scratch;
  lay_out(scratch, "mlp_tanh", kMlp, kMlpParameters);
  const auto fails = [&](int code, const std::string& part, const std::vector<std::string>& options = {}) {
    const ProcessResult result = run_gradient(scratch, options);
    CAPTURE(result.err);
    CHECK(result.exit_code == code);
    CHECK(has(result.err, part));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(scratch / "out/result.json"));
  };
  const std::string json = get(scratch / "case/case.json");
  put(scratch / "case/case.json", "{\"loss\": \"xent\"}");
  fails(78, "case/case.json: loss xent does not fit the model's output 'y'");
  put(scratch / "case/case.json", "{\"loss\": \"hinge\"}");
  fails(65, "case/case.json: \"loss\" is \"hinge\"");
  put(scratch / "case/case.json", "{");
  fails(65, "case/case.json: ");
  std::filesystem::remove(scratch / "case/case.json");
  fails(66, "case/case.json: ");
  put(scratch / "case/case.json", json);

  std::filesystem::rename(scratch / "case/param_h1.weight.npy", scratch / "case/param_h1.weights.npy");
  fails(65, "param_h1.weights.npy: the model has no such parameter; did you mean param_h1.weight.npy?");
  std::filesystem::rename(scratch / "case/param_h1.weights.npy", scratch / "case/param_h1.weight.npy");
  std::filesystem::rename(scratch / "case/param_h1.bias.npy", scratch / "bias.npy");
  std::filesystem::copy(scratch / "case/param_y.bias.npy", scratch / "case/param_h1.bias.npy");
  fails(65, "case/param_h1.bias.npy: its shape is [3], parameter 'h1.bias' has [8]");
  std::filesystem::remove(scratch / "case/param_h1.bias.npy");
  std::filesystem::rename(scratch / "bias.npy", scratch / "case/param_h1.bias.npy");

  std::filesystem::rename(scratch / "case/input_x0.npy", scratch / "x0.npy");
  fails(66, "case/input_x0.npy: ");
  std::filesystem::copy(scratch / "case/target.npy", scratch / "case/input_x0.npy");
  fails(65, "case/input_x0.npy: its shape is [4, 3], vertex 'x0' has [batch, 6]");
  std::filesystem::remove(scratch / "case/input_x0.npy");
  std::filesystem::rename(scratch / "x0.npy", scratch / "case/input_x0.npy");

  fails(78, "lockstep", {"--pacing", "lockstep"});
  fails(78, "lockstep", {"--executor", "reference"});
  fails(78, "--trace", {"--trace"});
  fails(76, "ran away", {"--rule", "strict", "--value-rate", "50", "--pacing", "lockstep", "--steps", "200"});
  CHECK(run_gradient(scratch, {}).exit_code == 0);
}
