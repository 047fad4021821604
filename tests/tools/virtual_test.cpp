// Virtual time from the command line: a function of model, options and seed, on any number of threads.
#include <doctest/doctest.h>

#include "tests/tools/gradient_case.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

constexpr const char* kModel =
    "x ~ input(3)\na ~ normal(tanh(linear(x, 5)))\nb ~ normal(tanh(linear(a, 4)) + linear(x, 4))\n"
    "y ~ normal(linear(b, 2) + linear(a, 2))\n";

void lay_out_case(const Scratch& scratch) {
  put(scratch / "model.graph", kModel);
  std::filesystem::create_directory(scratch / "case");
  put(scratch / "case/case.json", "{\"loss\": \"mse\"}");
  const auto write = [&](const std::string& name, const Shape& shape, const std::vector<double>& values) {
    write_npy<double>(scratch / ("case/" + name + ".npy"), ConstView<double>(values.data(), shape));
  };
  write("input_x", {2, 3}, {1, -2, 0.5, 0.3, 1, -1});
  write("target", {2, 2}, {1, 0.25, -1, 2});
}

// What a call wrote, but for the time that it took.
std::map<std::string, std::string> written(const Scratch& scratch, std::vector<std::string> options) {
  options.insert(options.end(), {"--executor", "virtual", "--scalar", "float64"});
  const ProcessResult run = run_gradient(scratch, options);
  CHECK(run.err == "");
  REQUIRE(run.exit_code == 0);
  std::map<std::string, std::string> files;
  for (const std::string& name : names_in(scratch / "out")) files[name] = get(scratch / ("out/" + name));
  nlohmann::json result = nlohmann::json::parse(files.at("result.json"));
  result.erase("seconds");
  files["result.json"] = result.dump();
  return files;
}

std::string first_columns(const std::string& csv, std::size_t count) {
  std::string text;
  for (const auto& row : table_of(csv)) {
    for (std::size_t k = 0; k < count; ++k) text += row.at(k) + " ";
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("gradient in virtual time writes the same bytes on repeats and any threads, and exact gradients at rate 1") {
  const Scratch scratch;
  lay_out_case(scratch);
  const std::vector<std::string> network = {"--network.latency",
                                            "lognormal(20, 1)",
                                            "--network.jitter",
                                            "10",
                                            "--network.loss",
                                            "0.2",
                                            "--network.resend",
                                            "30",
                                            "--network.links",
                                            "from y to *: bandwidth = 2",
                                            "--network.straggler",
                                            "pause(100, 30)",
                                            "--trace",
                                            "--network.sample_every",
                                            "5"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), network.begin(), network.end());
    return more;
  };
  const auto exact = written(scratch, with({"--wake", "eager"}));
  const nlohmann::json result = nlohmann::json::parse(exact.at("result.json"));
  CHECK(result.at("backprop_relative_error") == 0);
  CHECK(result.at("virtual_ticks") > 40);
  CHECK(result.at("dropped") == 0);
  for (const std::string key : {"events", "resent", "superseded", "slot_ages"}) CHECK(result.contains(key));
  CHECK(exact == written(scratch, with({"--wake", "eager", "--threads", "4"})));
  const auto slow = written(scratch, with({"--rule", "strict", "--steps", "50"}));
  CHECK(slow == written(scratch, with({"--rule", "strict", "--steps", "50", "--threads", "2"})));
  CHECK(slow.at("trace.csv") !=
        written(scratch, with({"--rule", "strict", "--steps", "50", "--seed", "2"})).at("trace.csv"));
  CHECK(table_of(slow.at("trace.csv")).size() > 10);
}

TEST_CASE("a lockstep trace in virtual time, of one run, is that of a run for each row on the reference") {
  const Scratch scratch;
  lay_out_case(scratch);
  for (const std::string rule : {"fixed_prediction", "strict"}) {
    const std::vector<std::string> options = {"--rule",  rule, "--pacing", "lockstep", "--value-rate", "0.3",
                                              "--steps", "9",  "--trace",  "--scalar", "float64"};
    std::vector<std::string> on_reference = options;
    on_reference.insert(on_reference.end(), {"--executor", "reference"});
    REQUIRE(run_gradient(scratch, on_reference).exit_code == 0);
    const std::string expected = first_columns(get(scratch / "out/trace.csv"), 4);
    std::vector<std::string> in_virtual_time = options;
    in_virtual_time.insert(in_virtual_time.end(), {"--executor", "virtual", "--network.latency", "uniform(1, 9)"});
    const ProcessResult run = run_gradient(scratch, in_virtual_time);
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    CHECK(first_columns(get(scratch / "out/trace.csv"), 4) == expected);
  }
}

TEST_CASE("options of virtual time are refused where they are not possible, and with other executors") {
  const Scratch scratch;
  lay_out_case(scratch);
  const auto fails = [&](const std::vector<std::string>& options, int code, const std::string& words) {
    const ProcessResult run = run_gradient(scratch, options);
    CHECK(run.exit_code == code);
    CHECK_MESSAGE(has(run.err, words), run.err);
  };
  fails({"--network.latency", "3"}, 2, "--executor virtual");
  fails({"--executor", "virtual", "--network.latency", "fast"}, 2, "lognormal(median, sigma)");
  fails({"--executor", "virtual", "--network.loss", "0.1"}, 78, "network.resend");
  fails({"--executor", "virtual", "--network.delay", "2"}, 78, "relax.pacing = lockstep");
  fails({"--executor", "virtual", "--network.links", "from q to *: latency = 2"}, 78, "no vertex is named 'q'");
}

TEST_CASE(
    "a send tolerance of its own saves messages of settle gradient and costs gradient, and lockstep has no such") {
  const Scratch scratch;
  lay_out_case(scratch);
  const auto result = [&](const std::vector<std::string>& more) {
    std::vector<std::string> options = {"--wake", "eager", "--value-rate", "0.5", "--network.latency", "3"};
    options.insert(options.end(), more.begin(), more.end());
    return nlohmann::json::parse(written(scratch, options).at("result.json"));
  };
  const auto fine = result({});
  const auto coarse = result({"--send-tolerance", "0.05", "--send-delta", "relative"});
  CHECK(fine.at("unsettled") == 0);
  CHECK(coarse.at("unsettled") == 0);
  CHECK(coarse.at("messages") < fine.at("messages"));
  CHECK(coarse.at("backprop_relative_error") > 100 * fine.at("backprop_relative_error").get<double>());
  CHECK(coarse.at("backprop_relative_error") < 0.2);
  CHECK(coarse != result({"--send-tolerance", "0.05", "--send-delta", "absolute"}));
  for (const std::string option : {"--send-tolerance=0.1", "--send-delta=absolute"}) {
    const ProcessResult run = run_gradient(scratch, {"--pacing", "lockstep", "--steps", "3", option});
    CHECK(run.exit_code == 78);
    CHECK_MESSAGE(
        has(run.err, "relax." + std::string(option == "--send-delta=absolute" ? "send_delta" : "send_tolerance")),
        run.err);
  }
}

TEST_CASE(
    "a training run in virtual time ends as on actors where order does not matter, and alike each time where it does") {
  const TrainingFolder folder;
  const std::vector<std::string> lossy = {"--learn.epochs=1", "--run.executor=virtual",
                                          "--network.latency=uniform(1, 9)", "--network.loss=0.1",
                                          "--network.resend=7"};
  CHECK(folder.sha256("actors", {"--learn.epochs=1"}) == folder.sha256("virtual", lossy));
  const auto rows = folder.metrics("virtual", {"train"});
  REQUIRE(!rows.empty());
  CHECK(rows.back().at("virtual_ticks") > 4);

  std::vector<std::string> strict = lossy;
  strict.insert(strict.end(), {"--rule.name=strict", "--relax.value_rate=0.05", "--relax.steps=15"});
  const auto with = [&](const std::string& more) {
    std::vector<std::string> all = strict;
    all.push_back(more);
    return all;
  };
  const std::string whole = folder.sha256("whole", with("--learn.max_trials=12"));
  folder.trained("parts", with("--learn.max_trials=5"));
  CHECK(folder.sha256("parts", with("--learn.max_trials=12")) == whole);
  CHECK(folder.sha256("seed", with("--run.seed=2")) != whole);
}

}  // namespace settle
