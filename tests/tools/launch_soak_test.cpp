// Five minutes of a run over hosts whose workers are killed again and again.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"
#include "tools/bench/memory.hpp"

using namespace settle;

namespace {

constexpr std::chrono::seconds kBetweenKills{30};
constexpr int kKills = 9;   // in five minutes
constexpr int kWarmUp = 2;  // kills until memory counts
constexpr int kHosts = 3;

// What host 0 holds.
struct Sample {
  std::size_t descriptors;
  double megabytes;
};

}  // namespace

TEST_SUITE_BEGIN("full");

TEST_CASE("a run whose workers are killed every 30 s for five minutes learns the same bits, and host 0 does not grow") {
  const TrainingFolder folder;
  std::vector<std::string> settings = kLong;
  std::ranges::replace(settings, "--learn.epochs=60", "--learn.epochs=1000000");
  std::ranges::replace(settings, "--checkpoint.every_trials=40", "--checkpoint.every_trials=400");
  std::vector<Sample> samples;
  Process process(launch_words(folder, "soak", kHosts, settings));
  for (int kill = 0; kill < kKills; ++kill) {
    REQUIRE_FALSE(process.ends_within(kBetweenKills));
    samples.push_back({open_descriptors(process.id()), resident_bytes(std::to_string(process.id())) / 1e6});
    MESSAGE("descriptors " << samples.back().descriptors << ", MB " << samples.back().megabytes << ", trials "
                           << trials_so_far(folder, "soak"));
    signal_worker(process, 1 + kill % (kHosts - 1), SIGKILL);
  }
  REQUIRE_FALSE(process.ends_within(kBetweenKills));
  process.signal(SIGTERM);
  const ProcessResult result = process.result();
  REQUIRE_MESSAGE(result.exit_code == 75, result.err);
  const Sample &warm = samples[kWarmUp], &last = samples.back();
  CHECK(last.descriptors == warm.descriptors);
  const double minutes = std::chrono::duration<double, std::ratio<60>>(kBetweenKills).count() * (kKills - 1 - kWarmUp);
  CHECK((last.megabytes - warm.megabytes) / minutes < 1);
  settings.push_back("--learn.max_trials=" + last_line(result).at("trials").dump());
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", settings));
}

TEST_SUITE_END();
