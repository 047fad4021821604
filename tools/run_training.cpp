#include "tools/run_training.hpp"

#include <cstdio>
#include <iostream>

#include "graph/error.hpp"
#include "tools/hosts/say.hpp"
#include "tools/report_at_end.hpp"

namespace settle {
namespace {

void print(const std::string& name, const nlohmann::json& result) {
  const nlohmann::json& loss = result.at(name + "_loss");
  if (loss.is_null()) return;
  const nlohmann::json& accuracy = result.at(name + "_accuracy");
  std::printf("%-20s%.4f\n", (name + " loss").c_str(), loss.get<double>());
  if (!accuracy.is_null()) std::printf("%-20s%.2f %%\n", (name + " accuracy").c_str(), 100 * accuracy.get<double>());
}

template <class Scalar>
void dismiss_quietly(Party<Scalar>& party) {
  try {
    party.dismiss();
  } catch (const Error& error) {
    say("the other hosts cannot be told that the run has failed: " + std::string(error.what()));
  }
}

// Whatever becomes of the run, other hosts do not wait for it, and what was lost is told to its end.
template <class Scalar, class Run>
SessionOutcome with_others(std::optional<Party<Scalar>>& party, const PartyOptions& others, Run run) {
  if (!party) return run();
  try {
    const SessionOutcome outcome = run();
    party->dismiss();
    return outcome;
  } catch (const Error& error) {
    // Where the run directory is another run's, so is the place where others look for this one, unless it is theirs
    // alone.
    if (error.exit_code() != ExitCode::cannot_create || !others.job.empty()) dismiss_quietly(*party);
    const Error explained = party->explained(error);
    add_to_log("settle: " + std::string(explained.what()) + "\n");
    throw explained;
  }
}

template <class Scalar>
int run_as(const RunConfig& config, const Arguments& arguments, const TrainingArguments& parsed,
           const PartyOptions& others) {
  SessionOptions<Scalar> options = session_options<Scalar>(arguments, parsed);
  std::optional<Party<Scalar>> party;
  if (config.run.hosts > 1) {
    party.emplace(config, others);
    options.make_executor = [&](GraphPtr graph, const NodeSettings<Scalar>& settings, unsigned threads) {
      return party->muster(std::move(graph), settings, threads);
    };
    options.log = add_to_log;
    options.hosts = [&] { return party->hosts(); };
  }
  const SessionOutcome outcome = with_others(party, others, [&] { return run_session<Scalar>(config, options); });
  const nlohmann::json& result = outcome.result;
  if (outcome.complete && config.run.report) report_at_end(config.run.directory);
  if (parsed.json) {
    std::cout << result.dump() << "\n";
  } else if (outcome.complete) {
    print("train", result);
    if (result.contains("validation_loss")) print("validation", result);
    print("test", result);
    std::printf("%-20s%llu (%llu epochs, %.1f s)\n", "trials",
                static_cast<unsigned long long>(result.at("trials").get<std::uint64_t>()),
                static_cast<unsigned long long>(result.at("epochs").get<std::uint64_t>()),
                result.at("seconds").get<double>());
    std::printf("%-20s%s\n", "parameters sha256", result.at("parameters_sha256").get<std::string>().c_str());
    std::printf("%-20s%s\n", "kept in", result.at("directory").get<std::string>().c_str());
  }
  return static_cast<int>(outcome.complete ? ExitCode::ok : ExitCode::stopped_early);
}

}  // namespace

int run_training(const RunConfig& config, const Arguments& arguments, const TrainingArguments& parsed,
                 const PartyOptions& others) {
  return config.run.scalar == RunSectionConfig::Scalar::float64 ? run_as<double>(config, arguments, parsed, others)
                                                                : run_as<float>(config, arguments, parsed, others);
}

}  // namespace settle
