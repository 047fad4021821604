// probe.trace: what it records is what the run does, and the run is the same without it.
#include <doctest/doctest.h>

#include <cmath>

#include "sim/report/trace_table.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

using Words = std::vector<std::string>;

const Words kLockstep{"--relax.pacing=lockstep", "--relax.value_rate=0.1", "--relax.steps=20", "--learn.epochs=1"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::filesystem::path trace_file(const std::filesystem::path& run, std::uint64_t trial) {
  return run / "traces" / (std::to_string(trial) + ".csv");
}

const std::vector<double>& column(const TraceTable& trace, const std::string& name) {
  const std::vector<double>* found = trace.find(name);
  REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

}  // namespace

TEST_CASE("a traced run ends with the parameters of one that is not, whatever runs it") {
  const TrainingFolder folder;
  const std::vector<Words> kinds{kLockstep,
                                 with(kLockstep, {"--rule.name=incremental"}),
                                 with(kLockstep, {"--rule.nonlinear_derivative=off", "--run.executor=reference"}),
                                 with(kLockstep, {"--run.executor=virtual", "--network.delay=2"}),
                                 {"--run.executor=virtual", "--relax.wake=eager", "--relax.value_rate=0.5",
                                  "--network.latency=uniform(1, 5)", "--learn.epochs=1"}};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    CAPTURE(k);
    const std::string name = "plain" + std::to_string(k);
    const std::string traced = "traced" + std::to_string(k);
    CHECK(folder.sha256(name, kinds[k]) ==
          folder.sha256(traced, with(kinds[k], {"--probe.trace=6", "--run.report=off"})));
    const auto rows = folder.metrics(traced, {"train"});
    for (const std::uint64_t trial : {1, 7, 13}) {
      const TraceTable trace = read_trace(trace_file(folder.directory(traced), trial));
      // Parameters of `incremental` move while it relaxes, those of its trace do not.
      if (k != 1)
        CHECK(column(trace, "free_energy").back() / static_cast<double>(trial < 13 ? 16 : 200 - 12 * 16) ==
              doctest::Approx(rows.at(trial - 1).at("free_energy").get<double>()).epsilon(1e-12));
      CHECK(column(trace, "gradient_error").front() > 0.1);
    }
    CHECK_FALSE(std::filesystem::exists(trace_file(folder.directory(traced), 2)));
  }
}

TEST_CASE("a trace in lockstep under fixed prediction lies on its closed form, and its report draws both") {
  const TrainingFolder folder;
  folder.trained("closed", with(kLockstep, {"--probe.trace=100", "--run.scalar=float64"}));
  const TraceTable trace = read_trace(trace_file(folder.directory("closed"), 1));
  const std::vector<double>& measured = column(trace, "gradient_error");
  const std::vector<double>& theory = column(trace, "gradient_error_closed_form");
  REQUIRE(measured.size() == 21);
  for (std::size_t step = 0; step < measured.size(); ++step) {
    CAPTURE(step);
    CHECK(std::abs(measured[step] - theory[step]) < 1e-12);
  }
  const std::string page = get(folder.directory("closed") / "report.html");
  for (const std::string name : {"relaxation_energy", "relaxation_error", "vertex_errors"})
    CHECK(has(page, "<figure id=\"" + name + "\""));
}

TEST_CASE("of many steps a trace keeps 400 and both ends, and its errors make up its free energy") {
  const Scratch scratch;
  put(scratch / "m.graph", std::string_view("x ~ input(2)\nh ~ normal(tanh(linear(x, 3)))\n"
                                            "y ~ normal(linear(h, 1), precision=4)\n"));
  put(scratch / "m.ini", std::string_view("[graph]\nfile = m.graph\n[data]\ndataset = table\n"
                                          "rows = 0 0 : 0 ; 0 1 : 1 ; 1 0 : 1\n[rule]\nname = strict\n"
                                          "[relax]\npacing = lockstep\nsteps = 1001\nvalue_rate = 0.01\n"
                                          "[learn]\nbatch = 3\nepochs = 1\n[probe]\ntrace = 1\n"
                                          "[run]\nscalar = float64\nthreads = 1\nreport = off\n"));
  REQUIRE(
      run_settle({"run", scratch / "m.ini", "--quiet", "--run.directory=" + (scratch / "run").string()}).exit_code ==
      0);
  const TraceTable trace = read_trace(trace_file(scratch / "run", 1));
  const std::vector<double>& steps = column(trace, "step");
  CHECK(steps.size() <= 400);
  CHECK(steps.size() > 200);
  CHECK(steps.front() == 0);
  CHECK(steps.back() == 1001);
  CHECK(steps[2] - steps[1] == steps[1] - steps[0]);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double h = column(trace, "error:h")[i];
    const double y = column(trace, "error:y")[i];
    CHECK(column(trace, "free_energy")[i] == doctest::Approx(3 * (h * h / 2 + 4 * y * y / 2)).epsilon(1e-12));
  }
}

TEST_CASE("what cannot be traced is refused with what to set") {
  const TrainingFolder folder;
  const ProcessResult actors = folder.run("a", {"--probe.trace=1"});
  CHECK(actors.exit_code == 78);
  CHECK(has(actors.err, "relax.pacing = lockstep"));
  const ProcessResult backprop = folder.run("b", {"--probe.trace=1", "--rule.name=backprop"});
  CHECK(backprop.exit_code == 78);
  CHECK(has(backprop.err, "rule.name = backprop has none"));
}

}  // namespace settle
