#include "sim/run_directory.hpp"

#include <doctest/doctest.h>

#include "sim/config/load.hpp"
#include "sim/run_manifest.hpp"
#include "tests/sim/failing_file_system.hpp"

namespace settle {
namespace {

std::vector<std::uint64_t> trials_in(const std::filesystem::path& metrics) {
  std::ifstream file(metrics);
  std::vector<std::uint64_t> trials;
  for (std::string line; std::getline(file, line);) {
    const auto row = nlohmann::json::parse(line);
    REQUIRE(row.at("schema") == 1);
    trials.push_back(row.at("trial"));
  }
  return trials;
}

}  // namespace

TEST_CASE("a run directory is made with its parents and taken up again later") {
  const Scratch scratch;
  const auto path = scratch / "runs" / "a";
  {
    RunDirectory run(path);
    CHECK_FALSE(run.manifest());
    CHECK_FALSE(run.result());
    run.write_manifest({{"seed", 7}});
    run.write_result({{"test_accuracy", 0.5}});
  }
  const RunDirectory again(path);
  CHECK(again.manifest()->at("seed") == 7);
  CHECK(again.result()->at("test_accuracy") == 0.5);
  CHECK(again.checkpoints() == path / "checkpoints");
}

TEST_CASE("a second run in the same directory is refused and told which process holds it") {
  const Scratch scratch;
  const auto path = scratch / "run";
  {
    const RunDirectory first(path);
    CHECK(thrown_by([&] { RunDirectory second(path); }) ==
          "73: " + path.string() + ": a run is going on here (process " + std::to_string(::getpid()) +
              "); wait for it, or give another --run.directory");
  }
  CHECK(thrown_by([&] { RunDirectory third(path); }) == "nothing");
}

TEST_CASE("a run directory is taken up after its run was killed at once") {
  const Scratch scratch;
  put(scratch / "lock", std::string_view("99999999\n"));
  CHECK(thrown_by([&] { RunDirectory run(scratch.path()); }) == "nothing");
}

TEST_CASE("a folder with something else in it is refused and left alone") {
  const Scratch scratch;
  put(scratch / "thesis.tex", std::string_view("dear to me"));
  CHECK(thrown_by([&] { RunDirectory run(scratch.path()); }) ==
        "73: " + scratch.path().string() +
            ": is not empty and no run directory of settle; give another --run.directory");
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"thesis.tex"});
}

TEST_CASE("a lock or a manifest of somebody else's does not make a folder a run directory") {
  for (const std::string name : {"lock", "manifest.json"}) {
    CAPTURE(name);
    const Scratch scratch;
    put(scratch / name, std::string_view("{\"name\": \"my web page\"}"));
    CHECK(thrown_by([&] { RunDirectory run(scratch.path()); }).starts_with("73: "));
    CHECK(get(scratch / name) == "{\"name\": \"my web page\"}");
    CHECK(names_in(scratch.path()) == std::vector<std::string>{name});
  }
}

TEST_CASE("a run directory that was copied without its lock is taken up") {
  const Scratch scratch;
  put(scratch / "manifest.json", std::string_view("{\"schema\": 1, \"config\": {}}"));
  CHECK(thrown_by([&] { RunDirectory run(scratch.path()); }) == "nothing");
}

TEST_CASE("a run directory that cannot be made names itself") {
  const Scratch scratch;
  put(scratch / "file", std::string_view("x"));
  const auto path = scratch / "file" / "run";
  CHECK(thrown_by([&] { RunDirectory run(path); }).starts_with("73: " + path.string() + ": cannot create"));
  CHECK(thrown_by([&] { RunDirectory run(scratch / "file"); }).starts_with("73: "));
  CHECK(thrown_by([&] { RunDirectory run("/proc/settle"); }).starts_with("73: /proc/settle: "));
}

TEST_CASE("metrics of later trials and a torn last row are dropped on resume, so that no row is there twice") {
  const Scratch scratch;
  const auto path = scratch / "run";
  {
    RunDirectory run(path);
    for (const std::uint64_t trial : {10U, 20U, 30U, 40U}) run.append_metrics({{"trial", trial}, {"loss", 0.5}});
    run.sync_metrics();
  }
  std::ofstream(path / "metrics.jsonl", std::ios::app) << "{\"trial\": 41, \"lo";
  RunDirectory run(path);
  run.cut_metrics_after(40);
  CHECK(trials_in(path / "metrics.jsonl") == std::vector<std::uint64_t>{10, 20, 30, 40});
  run.append_metrics({{"trial", 50U}});
  run.cut_metrics_after(20);
  run.append_metrics({{"trial", 30U}});
  CHECK(trials_in(path / "metrics.jsonl") == std::vector<std::uint64_t>{10, 20, 30});
  run.cut_metrics_after(0);
  CHECK(trials_in(path / "metrics.jsonl").empty());
}

TEST_CASE("a manifest that cannot be understood is bad data that names it") {
  const Scratch scratch;
  put(scratch / "lock", std::string_view("1\n"));
  put(scratch / "manifest.json", std::string_view("{\"seed\": "));
  const RunDirectory run(scratch.path());
  CHECK(thrown_by([&] {
          static_cast<void>(run.manifest());
        }).starts_with("65: " + (scratch / "manifest.json").string() + ": no sound JSON"));
}

TEST_CASE("the manifest holds the resolved config with the origin of each value, and gives it back") {
  const std::string text = "[graph]\nfile = a.graph\n[data]\ndataset = table\nrows = 1 : 1\n";
  const RunConfig config = load_run_config({"/c/a.ini", {"--run.seed=5"}, {}}, text);
  const std::vector<InputFile> inputs{{"/data/x", "00ff"}};
  const nlohmann::json manifest = run_manifest(config, {"settle", "run", "a.ini"}, inputs, {{"settle", "0.1.0"}});
  CHECK(manifest.at("argv") == nlohmann::json{"settle", "run", "a.ini"});
  CHECK(manifest.at("seed") == 5);
  CHECK(manifest.at("config").at("run.seed") == nlohmann::json{{"value", "5"}, {"origin", "command line"}});
  CHECK(manifest.at("config").at("graph.file").at("value") == "/c/a.graph");
  CHECK(manifest.at("versions").at("settle") == "0.1.0");
  CHECK(manifest.at("hosts").size() == 1);
  CHECK(resolved_texts(manifest, "m") == resolved_texts(config));
  CHECK(thrown_by([] { static_cast<void>(resolved_texts(nlohmann::json::array(), "m")); }).starts_with("65: m: "));
}

TEST_CASE("an input that has changed since the run began is bad data that names it") {
  const nlohmann::json manifest = {{"inputs", {{{"path", "/data/x"}, {"sha256", "00ff"}}}}};
  const std::vector<InputFile> same{{"/data/x", "00ff"}}, other{{"/data/x", "00fe"}};
  CHECK(thrown_by([&] { check_same_inputs(manifest, same, "runs/a"); }) == "nothing");
  CHECK(thrown_by([&] { check_same_inputs(manifest, other, "runs/a"); }) ==
        "65: /data/x: has changed since the run in runs/a began; bring the old file back, or give another "
        "--run.directory");
}

}  // namespace settle
