// The experiments that come with the program, through the program.
#include <doctest/doctest.h>

#include <cmath>

#include "sim/study/plan.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

std::filesystem::path configs() { return std::filesystem::path(SETTLE_SOURCE_DIR) / "configs"; }

}  // namespace

TEST_CASE("every config that comes with the program describes a valid model") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(configs())) {
    CAPTURE(entry.path().string());
    if (entry.path().extension() != ".ini") continue;
    if (entry.path().stem().string().starts_with("study_")) {
      CHECK_FALSE(load_study_plan({entry.path(), {}, {}}).rows.empty());
      continue;
    }
    ++count;
    const ProcessResult result = run_settle({"graph", entry.path().string()});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
  }
  CHECK(count >= 10);
}

TEST_CASE("xor is learned") {
  const Scratch scratch;
  const ProcessResult result =
      run_settle({"run", configs() / "xor.ini", "--json", "--run.directory=" + (scratch / "xor").string()});
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("test_loss").get<double>() < 1e-3);
  CHECK(last_line(result).at("test_accuracy").is_null());
}

TEST_CASE("the scalar experiment's vertices receive what the paper's 135 steps at rate 0.1 give them") {
  const Scratch scratch;
  const ProcessResult result =
      run_settle({"run", configs() / "scalar.ini", "--json", "--run.directory=" + (scratch / "scalar").string()});
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("trials") == 1);
  // L = 1/2 (1 - y4)^2 where dL/dy4 = y4 - 1 = -1.11166379285.
  CHECK(last_line(result).at("train_loss").get<double>() ==
        doctest::Approx(0.5 * 1.11166379285 * 1.11166379285).epsilon(1e-11));
  const std::string metrics = get(scratch / "scalar/metrics.jsonl");
  std::map<std::string, double> missing;
  for (std::size_t at = 0; at < metrics.size(); at = metrics.find('\n', at) + 1) {
    const auto row = nlohmann::json::parse(metrics.substr(at, metrics.find('\n', at) - at));
    if (row.at("kind") != "fidelity") continue;
    for (const nlohmann::json& vertex : row.at("vertices"))
      missing[vertex.at("vertex")] = vertex.at("relative_error").get<double>();
  }
  const double one_hop = std::pow(0.9, 135);
  const double two_hops = one_hop + 135 * 0.1 * std::pow(0.9, 134);
  REQUIRE(missing.size() == 3);
  CHECK(std::abs(missing.at("y2") - one_hop) < 1e-13);
  CHECK(std::abs(missing.at("y3") - one_hop) < 1e-13);
  CHECK(std::abs(missing.at("y1") - two_hops) < 1e-13);
}

TEST_CASE("a run on all of Fashion-MNIST stays under 400 MB") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    MESSAGE("skipped: Fashion-MNIST is not installed (apt-get install dataset-fashion-mnist)");
    return;
  }
  const Scratch scratch;
  const ProcessResult result = run_settle({"run", configs() / "fashion_mlp.ini", "--json", "--learn.max_trials=60",
                                           "--checkpoint.every_trials=20", "--probe.fidelity=20",
                                           "--run.directory=" + (scratch / "fashion").string()});
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("test_samples") == 10000);
  MESSAGE("peak resident memory: " << result.peak_kilobytes / 1024 << " MB");
  CHECK(result.peak_kilobytes < 400 * 1024);
}

}  // namespace settle
