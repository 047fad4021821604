// `settle bench` as a user runs it: what it tells, not how fast it is.
#include <doctest/doctest.h>

#include "tests/tools/program.hpp"

using namespace settle;

TEST_CASE("bench trial tells the times of both loops and what one trial sends") {
  const ProcessResult run = run_settle({"bench", "trial", "--family", "mlp", "--layers", "6,5,4,3", "--batch", "7",
                                        "--trials", "6", "--threads", "2", "--json"});
  CHECK(run.err == "");
  REQUIRE(run.exit_code == 0);
  const nlohmann::json result = last_line(run);
  CHECK(result.at("ms_per_trial").at("min") > 0);
  CHECK(result.at("ms_per_trial").at("median") >= result.at("ms_per_trial").at("min"));
  CHECK(result.at("ms_per_trial").at("max") >= result.at("ms_per_trial").at("median"));
  CHECK(result.at("direct_ms") > 0);
  CHECK(result.at("ratio") > 0);
  CHECK(result.at("direct") == "backprop");
  CHECK(result.at("vertices") == 4);
  CHECK(result.at("batch") == 7);
  CHECK(result.at("threads") == 2);
  CHECK(result.at("trials") == 6);
  // Predict: three values; relax: feedback from y and h2, each of a hidden layer's extents.
  CHECK(result.at("messages_per_trial") == 5);
  CHECK(result.at("bytes_per_trial") == 7 * 4 * (6 + 5 + 4 + 5 + 4));
  CHECK(result.at("acts_per_trial") == 3);
}

TEST_CASE("bench trial compares other rules with the same number of lockstep steps") {
  for (const std::string rule : {"fixed_prediction", "strict"}) {
    const ProcessResult run =
        run_settle({"bench", "trial", "--family", "mlp", "--layers", "6,5,3", "--batch", "2", "--rule", rule,
                    "--pacing", "lockstep", "--value-rate", "0.1", "--steps", "9", "--trials", "2", "--json"});
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    CHECK(last_line(run).at("direct") == "lockstep");
    CHECK(last_line(run).at("steps") == 9);
  }
}

TEST_CASE("bench trial without --json is a table") {
  const ProcessResult run =
      run_settle({"bench", "trial", "--family", "mlp", "--layers", "6,5,3", "--batch", "2", "--trials", "2"});
  CHECK(run.exit_code == 0);
  CHECK(run.out.find("ms per trial") != std::string::npos);
  CHECK(run.out.find("ratio") != std::string::npos);
}

TEST_CASE("bench hosts times two processes, whose memory is bounded while the receiver is stopped") {
  for (const bool plain : {false, true}) {
    std::vector<std::string> words = {"bench", "hosts", "--rounds", "1", "--json"};
    if (plain) words.push_back("--plain");
    const ProcessResult run = run_settle(words);
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    const nlohmann::json result = last_line(run);
    CHECK(result.at("tls") == !plain);
    CHECK(result.at("tensor_bytes_per_second") > 0);
    CHECK(result.at("tensor_cpu_seconds_per_gigabyte") > 0);
    CHECK(result.at("messages_per_second") > 0);
    CHECK(result.at("round_trip_us").at("p99") >= result.at("round_trip_us").at("p50"));
    const nlohmann::json& stopped = result.at("stopped_receiver_bytes");
    CHECK(stopped.at("queued") > 1 << 20);
    CHECK(stopped.at("sender") < 64e6);
    CHECK(stopped.at("receiver") < 64e6);
  }
}

TEST_CASE("the nets that are compared with PyTorch have its shapes, and run") {
  const std::filesystem::path folder = std::filesystem::path(SETTLE_SOURCE_DIR) / "tools/bench";
  const auto parameters = [&](const std::string& name) {
    const ProcessResult run = run_settle({"bench", "trial", folder / (name + ".graph"), "--batch", "1", "--trials", "1",
                                          "--learning-rate", "0.0001", "--json"});
    CHECK(run.err == "");
    REQUIRE(run.exit_code == 0);
    return last_line(run).at("parameters").get<int>();
  };
  CHECK(parameters("cnn") == 6 * 3 * 25 + 16 * 6 * 25 + 200 * 1600 + 150 * 200 + 10 * 150);
  CHECK(parameters("lstm") == 4 * 200 * (65 + 1 + 200) + 65 * (200 + 1));
}
