#include "sim/launch/rank.hpp"

#include <charconv>
#include <cstdlib>

#include "graph/error.hpp"
#include "sim/hosts.hpp"

namespace settle {
namespace {

struct Source {
  const char* rank;
  const char* size;
  const char* needs = nullptr;    // says nothing where this is not set
  const char* eclipse = nullptr;  // says nothing where this is set
};

constexpr Source kSources[] = {
    {"SETTLE_RANK", "SETTLE_HOSTS"}, {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
    {"PMI_RANK", "PMI_SIZE"},        {"SLURM_PROCID", "SLURM_NTASKS", "SLURM_STEP_ID", "OMPI_COMM_WORLD_RANK"},
    {"RANK", "WORLD_SIZE"},
};

constexpr const char* kRemedy = "; --launcher=none starts this process alone";

HostId number_of(const char* name, const std::string& text) {
  HostId number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > kMostHosts)
    throw BadConfig(std::string(name) + " = '" + text + "' is no number of a process" + kRemedy);
  return number;
}

std::optional<Rank> say(const Source& source, const Environment& environment) {
  if (source.needs && !environment(source.needs)) return std::nullopt;
  if (source.eclipse && environment(source.eclipse)) return std::nullopt;
  const auto rank = environment(source.rank);
  const auto size = environment(source.size);
  if (!rank && !size) return std::nullopt;
  if (!rank || !size)
    throw BadConfig(std::string(rank ? source.rank : source.size) + " is set, " + (rank ? source.size : source.rank) +
                    " is not" + kRemedy);
  const Rank said{number_of(source.rank, *rank), number_of(source.size, *size), source.rank, {}, {}};
  if (said.self >= said.hosts)
    throw BadConfig(std::string(source.rank) + " = " + *rank + " is none of " + source.size + " = " + *size +
                    " processes" + kRemedy);
  return said;
}

std::string said_by(const Rank& rank) {
  return rank.source + " says process " + std::to_string(rank.self) + " of " + std::to_string(rank.hosts);
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value && *value ? std::optional<std::string>(value) : std::nullopt;
  };
}

Rank detect_rank(const Environment& environment) {
  std::optional<Rank> found;
  for (const Source& source : kSources) {
    const std::optional<Rank> said = say(source, environment);
    if (!said) continue;
    if (!found)
      found = said;
    else if (said->self != found->self || said->hosts != found->hosts)
      throw BadConfig(said_by(*found) + ", but " + said_by(*said) + kRemedy);
  }
  Rank rank = found.value_or(Rank{});
  const auto job = environment("SLURM_JOB_ID");
  const auto step = environment("SLURM_STEP_ID");
  const auto tasks = environment("SLURM_NTASKS");
  if (job) rank.job = "slurm-" + *job + (step ? "." + *step : "");
  if (!found && job && !step && tasks && *tasks != "1")
    rank.advice = "this batch job has " + *tasks + " tasks, and one process of Settle: put srun before the command";
  return rank;
}

}  // namespace settle
