// `settle convert` as a user runs it.
#include <doctest/doctest.h>

#include "graph/onnx/reader.hpp"
#include "sim/npz.hpp"
#include "tests/sim/scratch.hpp"
#include "tests/tools/program.hpp"

using namespace settle;

namespace {

constexpr const char* kModel =
    "x ~ input(2)\n"
    "h ~ normal(tanh(linear(x, 3)))\n"
    "y ~ normal(linear(h, 1))\n";

onnx::Model read_model(const std::filesystem::path& file) {
  const std::string bytes = get(file);
  return onnx::parse_model(std::as_bytes(std::span(bytes)), file.string());
}

}  // namespace

TEST_CASE("convert writes a trained run as ONNX and as numpy arrays, with the parameters of its last checkpoint") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  put(scratch / "run.ini",
      "[graph]\nfile = model.graph\n[data]\ndataset = table\nrows = 0 1 : 1 ; 1 0 : 1 ; 1 1 : 0\n"
      "[learn]\nepochs = 5\nbatch = 3\n[run]\nscalar = float64\ndirectory = trained\n");
  REQUIRE(run_settle({"run", "run.ini", "--quiet"}, {scratch.path()}).exit_code == 0);
  const ProcessResult result = run_settle({"convert", "trained", "model.onnx"}, {scratch.path()});
  CHECK(result.err == "wrote model.onnx: 3 vertices, 13 parameters\n");
  CHECK(result.exit_code == 0);
  CHECK(run_settle({"convert", "trained", "parameters.npz"}, {scratch.path()}).exit_code == 0);

  const onnx::Model model = read_model(scratch / "model.onnx");
  const NpzReader arrays(scratch / "parameters.npz");
  const NpzReader checkpoint(scratch / "trained" / "checkpoints" / "0000000005" / "host-0.npz");
  CHECK(model.initialisers.size() == 4);
  for (const onnx::Literal& literal : model.initialisers) {
    CAPTURE(literal.name);
    const Tensor<double> trained = checkpoint.read(literal.name).to<double>();
    CHECK(std::ranges::equal(literal.values->flat(), trained.flat()));
    CHECK(std::ranges::equal(arrays.read(literal.name).to<double>().flat(), trained.flat()));
  }
}

TEST_CASE("a run may start from the parameters that another one ended with") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  const std::string config =
      "[graph]\nfile = model.graph\n[data]\ndataset = table\nrows = 0 1 : 1 ; 1 0 : 1 ; 1 1 : 0\n"
      "[learn]\nepochs = 5\nbatch = 3\n[run]\nscalar = float64\n";
  put(scratch / "first.ini", config);
  put(scratch / "second.ini", config);
  const ProcessResult first = run_settle({"run", "first.ini", "--json", "--quiet"}, {scratch.path()});
  REQUIRE(first.exit_code == 0);
  REQUIRE(run_settle({"convert", "runs/first", "p.npz"}, {scratch.path()}).exit_code == 0);
  const std::vector<std::string> words = {
      "run", "second.ini", "--json", "--quiet", "--graph.parameters=p.npz", "--learn.learning_rate=0"};
  const ProcessResult second = run_settle(words, {scratch.path()});
  REQUIRE(second.exit_code == 0);
  CHECK(last_line(second).at("parameters_sha256") == last_line(first).at("parameters_sha256"));

  const auto manifest = nlohmann::json::parse(get(scratch / "runs/second/manifest.json"));
  REQUIRE(manifest.at("inputs").size() == 2);
  CHECK(manifest.at("inputs")[1].at("path") == (scratch / "p.npz").string());
  REQUIRE(
      run_settle({"convert", "model.graph", "p.npz", "--seed", "9", "--scalar", "float64", "--force"}, {scratch.path()})
          .exit_code == 0);
  const ProcessResult changed = run_settle(words, {scratch.path()});
  CHECK(changed.exit_code == 65);
  CHECK(changed.err.find("p.npz: has changed since the run") != std::string::npos);
}

TEST_CASE("convert replaces no file unless it is told to, and says what it can write") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  put(scratch / "mine.onnx", "precious");
  const ProcessResult kept = run_settle({"convert", "model.graph", "mine.onnx"}, {scratch.path()});
  CHECK(kept.exit_code == 73);
  CHECK(kept.err.find("--force") != std::string::npos);
  CHECK(get(scratch / "mine.onnx") == "precious");
  CHECK(run_settle({"convert", "model.graph", "mine.onnx", "--force"}, {scratch.path()}).exit_code == 0);
  CHECK(read_model(scratch / "mine.onnx").outputs.at(0).name == "y");
  CHECK(run_settle({"convert", "model.graph", "model.txt"}, {scratch.path()}).exit_code == 2);
  CHECK(run_settle({"convert", "model.graph"}, {scratch.path()}).exit_code == 2);
  CHECK(run_settle({"convert", "absent.graph", "new.onnx"}, {scratch.path()}).exit_code == 66);
  CHECK_FALSE(std::filesystem::exists(scratch / "new.onnx"));
}
