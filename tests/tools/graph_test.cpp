// `settle graph` as a user runs it.
#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"
#include "tests/tools/program.hpp"

using namespace settle;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* kModel =
    "x ~ input(4)\n"
    "h ~ normal(tanh(linear(x, 3)))\n"
    "y ~ categorical(linear(h, 2))\n";

}  // namespace

TEST_CASE("graph describes a model and counts it as JSON") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  const ProcessResult table = run_settle({"graph", "model.graph"}, {scratch.path()});
  CHECK(table.exit_code == 0);
  CHECK(table.err.empty());
  for (const char* word : {"x", "h", "y", "input", "normal", "categorical"}) CHECK(has(table.out, word));
  const ProcessResult result = run_settle({"graph", "model.graph", "--json"}, {scratch.path()});
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 1);
  const nlohmann::json json = last_line(result);
  CHECK(json.at("vertices") == 3);
  CHECK(json.at("edges") == 2);
  CHECK(json.at("parameters") == 4 * 3 + 3 + 3 * 2 + 2);
  CHECK(json.at("depth") == 2);
  CHECK(json.at("inputs") == nlohmann::json::parse(R"([{"name": "x", "shape": "[batch, 4]"}])"));
  CHECK(json.at("outputs")[0].at("name") == "y");
}

TEST_CASE("graph reads the model that a config names") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  put(scratch / "run.ini", "[graph]\nfile = model.graph\n[data]\ndataset = table\nrows = 1 2 3 4 : 0\n");
  const ProcessResult result = run_settle({"graph", (scratch / "run.ini").string(), "--json"});
  CHECK(result.err == "");
  CHECK(result.exit_code == 0);
  CHECK(last_line(result).at("vertices") == 3);
}

TEST_CASE("graph lists all mistakes of a model with line and column and exits with 78") {
  const Scratch scratch;
  put(scratch / "bad.graph", "x ~ input(4)\nh ~ normal(tanch(x))\ny ~ categorical(linear(hh, 2))\n");
  const ProcessResult result = run_settle({"graph", "bad.graph"}, {scratch.path()});
  CHECK(result.exit_code == 78);
  CHECK(result.out.empty());
  CHECK(has(result.err, "settle: bad.graph:2:12: error: "));
  CHECK(has(result.err, "bad.graph:3:24: error: "));
  CHECK(has(result.err, "did you mean"));
}

TEST_CASE("graph says which model is missing and exits with 66") {
  const ProcessResult result = run_settle({"graph", "/nowhere/model.graph"});
  CHECK(result.exit_code == 66);
  CHECK(has(result.err, "settle: /nowhere/model.graph: "));
  CHECK(run_settle({"graph", "/nowhere/run.ini"}).exit_code == 66);
}

TEST_CASE("graph draws a model and never replaces a file unless it is told to") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  put(scratch / "mine.dot", "precious");
  const ProcessResult kept = run_settle({"graph", "model.graph", "--dot", "mine.dot"}, {scratch.path()});
  CHECK(kept.exit_code == 73);
  CHECK(has(kept.err, "mine.dot"));
  CHECK(get(scratch / "mine.dot") == "precious");
  CHECK(run_settle({"graph", "model.graph", "--dot", "mine.dot", "--force"}, {scratch.path()}).exit_code == 0);
  CHECK(get(scratch / "mine.dot").starts_with("digraph"));
  CHECK(run_settle({"graph", "model.graph", "--dot", "new.dot"}, {scratch.path()}).exit_code == 0);
  CHECK(get(scratch / "new.dot") == get(scratch / "mine.dot"));
}

TEST_CASE("graph draws an SVG where Graphviz is installed, and says what to do where it is not") {
  const Scratch scratch;
  put(scratch / "model.graph", kModel);
  const ProcessResult drawn = run_settle({"graph", "model.graph", "--svg", "model.svg"}, {scratch.path()});
  CHECK(drawn.err == "");
  CHECK(drawn.exit_code == 0);
  CHECK(has(get(scratch / "model.svg"), "<svg"));
  CHECK(has(get(scratch / "model.svg"), "h ~ normal"));
  const ProcessResult without =
      run_settle({"graph", "model.graph", "--svg", "other.svg"}, {scratch.path(), {{"PATH", "/nowhere"}}});
  CHECK(without.exit_code == 66);
  CHECK(has(without.err, "an SVG needs Graphviz's program dot"));
  CHECK(has(without.err, "--dot FILE"));
  CHECK_FALSE(std::filesystem::exists(scratch / "other.svg"));
}

TEST_CASE("graph reads the files that a model includes and says which of them is missing") {
  const Scratch scratch;
  put(scratch / "layers.graph", "layer(x) = tanh(linear(x, 3))\n");
  put(scratch / "model.graph", "include \"layers.graph\"\nx ~ input(4)\ny ~ normal(layer(x))\n");
  CHECK(run_settle({"graph", "model.graph"}, {scratch.path()}).exit_code == 0);
  put(scratch / "bad.graph", "include \"leyers.graph\"\nx ~ input(4)\ny ~ normal(layer(x))\n");
  const ProcessResult missing = run_settle({"graph", "bad.graph"}, {scratch.path()});
  CHECK(missing.exit_code == 66);
  CHECK(has(missing.err, "settle: bad.graph:1:9: error: leyers.graph: cannot read this model"));
}

TEST_CASE("graph prints every family as a model that it reads again") {
  const Scratch scratch;
  const std::vector<std::pair<std::string, std::string>> families = {
      {"mlp", "784,300,100,10"},
      {"cnn", "3x32x32, conv 6 5 relu, maxpool 2, conv 16 5 relu, 200 relu, 150 relu, 10"},
      {"residual", "3x8x8, conv 4 3 pad same, block 4 3, 10"},
      {"rnn", "5x7, 6, 3"},
      {"lstm", "50x7, 6, 3"},
      {"gru", "5x7, 6, 6, 3"}};
  for (const auto& [name, layers] : families) {
    CAPTURE(name);
    const std::vector<std::string> family = {"graph", "--family", name, "--layers", layers};
    std::vector<std::string> print = family;
    print.push_back("--print");
    const ProcessResult text = run_settle(print);
    CHECK(text.err == "");
    CHECK(text.exit_code == 0);
    put(scratch / "printed.graph", text.out);
    CHECK(run_settle({"graph", "printed.graph"}, {scratch.path()}).out == run_settle(family).out);
  }
}

TEST_CASE("graph places the vertices on hosts and draws each host as a frame") {
  const Scratch scratch;
  put(scratch / "model.graph", "x ~ input(8)\nh ~ normal(tanh(linear(x, 40)))\ny ~ categorical(linear(h, 10))\n");
  const ProcessResult placed =
      run_settle({"graph", "model.graph", "--hosts", "2", "--pin", "1: h; 0: y", "--dot", "placed.dot", "--json"},
                 {scratch.path()});
  CHECK(placed.exit_code == 0);
  const auto placement = nlohmann::json::parse(placed.out).at("placement");
  CHECK(placement.at("hosts").at(0).at("vertices") == nlohmann::json({"y"}));
  CHECK(placement.at("hosts").at(1).at("vertices") == nlohmann::json({"x", "h"}));
  CHECK(placement.at("cut_bytes_per_sample") == 40 * 4);
  CHECK(has(get(scratch / "placed.dot"), "subgraph cluster_0 { label=\"host 0\"; style=rounded; \"y\"; }"));

  const ProcessResult table = run_settle({"graph", "model.graph", "--hosts", "2"}, {scratch.path()});
  CHECK(has(table.out, "cut edges 1, 160 bytes/sample"));
  CHECK(run_settle({"graph", "model.graph", "--pin", "0: h"}, {scratch.path()}).exit_code == 2);
  CHECK(run_settle({"graph", "model.graph", "--hosts", "2", "--pin", "h"}, {scratch.path()}).exit_code == 2);
  CHECK(run_settle({"graph", "model.graph", "--hosts", "2", "--pin", "2: h"}, {scratch.path()}).exit_code == 78);
}
