#include <algorithm>
#include <iostream>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/config/load.hpp"
#include "sim/hosts.hpp"
#include "tools/run_training.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "As settle run, over N processes of this machine: this one and N - 1 workers, each with a share of the vertices\n"
    "(settle graph MODEL --hosts N shows it; [placement] changes it). Results are the same as those of one process.\n"
    "What workers say is in logs/host-RANK.log of the run directory. A worker that dies is replaced, and the run goes\n"
    "on from its last checkpoint, up to run.restarts times between two checkpoints.\n\n"
    "  -n N     processes\n"
    "  --json   print the result as one line of JSON\n"
    "  --quiet  no progress\n\n"
    "  settle launch -n 2 configs/fashion_mlp.ini\n"
    "  settle launch -n 4 configs/fashion_mlp.ini --checkpoint.every_trials=200 --run.threads=1\n";

// Takes "-n N" or "-nN" out of the words.
std::string taken_hosts(std::vector<std::string>& words) {
  const auto found = std::ranges::find_if(
      words, [](const std::string& word) { return word.starts_with("-n") && !word.starts_with("--"); });
  if (found == words.end()) throw UsageError("settle launch: -n N is missing: how many processes");
  std::string text = found->substr(2);
  auto end = found + 1;
  if (text.empty() && end != words.end()) text = *end++;
  words.erase(found, end);
  const auto hosts = key_types::number_of<HostId>(text);
  if (!hosts || *hosts < 1 || *hosts > kMostHosts)
    throw UsageError("settle launch: -n is a number of processes from 1 to " + std::to_string(kMostHosts) + ", not '" +
                     text + "'");
  return text;
}

int launch(const Arguments& arguments) {
  Arguments rest = arguments;
  const std::string hosts = taken_hosts(rest.words);
  TrainingArguments parsed = training_arguments(rest, "CONFIG", {"json", "quiet"});
  parsed.settings.push_back("--run.hosts=" + hosts);
  const RunConfig config = load_run_config({parsed.target, parsed.settings, settle_environment()});
  PartyOptions others;
  others.starts_workers = true;
  others.say = [](const std::string& text) { std::cerr << "settle: " << text << std::endl; };
  return run_training(config, arguments, parsed, others);
}

}  // namespace

extern const Command kLaunchCommand = {
    "launch",
    "-n N CONFIG [--section.key=value ...] [--json] [--quiet]",
    "the same as run, over N processes of this machine",
    {},
    kDetails,
    launch,
};

}  // namespace settle
