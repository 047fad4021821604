// Five minutes of a run over hosts whose workers are killed again and again.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"
#include "tools/bench/memory.hpp"

using namespace settle;

namespace {

constexpr std::chrono::seconds kBetweenKills{30};
constexpr int kKills = 9;   // in about five minutes
constexpr int kWarmUp = 2;  // kills until memory counts
constexpr int kHosts = 3;

std::vector<std::string> of_epochs(std::uint64_t epochs) {
  std::vector<std::string> settings = kLong;
  std::ranges::replace(settings, std::string("--learn.epochs=60"), "--learn.epochs=" + std::to_string(epochs));
  std::ranges::replace(settings, "--checkpoint.every_trials=40", "--checkpoint.every_trials=400");
  return settings;
}

// As many as take five minutes here, by what a short run takes.
std::uint64_t epochs_of_soak(const TrainingFolder& folder) {
  constexpr std::uint64_t kEpochs = 200;
  const double seconds = last_line(run_process(launch_words(folder, "rate", kHosts, of_epochs(kEpochs)))).at("seconds");
  const double planned = std::chrono::duration<double>(kBetweenKills * (kKills + 1)).count();
  return static_cast<std::uint64_t>(static_cast<double>(kEpochs) * planned / seconds);
}

}  // namespace

TEST_SUITE_BEGIN("full");

TEST_CASE("a run whose workers are killed every 30 s for five minutes ends right, and host 0 grows in nothing") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = of_epochs(epochs_of_soak(folder));
  struct Sample {
    std::size_t descriptors;
    double megabytes;
  };
  std::vector<Sample> samples;
  Process process(launch_words(folder, "soak", kHosts, settings));
  for (int kill = 0; kill < kKills && !process.ends_within(kBetweenKills); ++kill) {
    samples.push_back({open_descriptors(process.id()), resident_bytes(std::to_string(process.id())) / 1e6});
    MESSAGE("descriptors " << samples.back().descriptors << ", MB " << samples.back().megabytes << ", trials "
                           << trials_so_far(folder, "soak"));
    signal_worker(process, 1 + kill % (kHosts - 1), SIGKILL);
  }
  const ProcessResult result = process.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  REQUIRE(samples.size() > kWarmUp + 1);
  const Sample &warm = samples[kWarmUp], &last = samples.back();
  CHECK(last.descriptors == warm.descriptors);
  const double minutes = std::chrono::duration<double, std::ratio<60>>(kBetweenKills).count() *
                         static_cast<double>(samples.size() - 1 - kWarmUp);
  CHECK((last.megabytes - warm.megabytes) / minutes < 1);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", settings));
}

TEST_SUITE_END();
