#include "sim/launch/rank.hpp"

#include <cstdlib>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/hosts.hpp"

namespace settle {
namespace {

constexpr const char* kOpenMpi = "OMPI_COMM_WORLD_RANK";
constexpr const char* kHydra = "MPI_LOCALNRANKS";  // set by the mpirun of MPICH, not by srun --mpi=pmi2
constexpr const char* kSlurmRank = "SLURM_PROCID";

struct Source {
  const char* rank;
  const char* size;
  const char* size_otherwise = nullptr;  // where `size` is not set
};

// SLURM_NTASKS is the job's, not the step's, under srun --preserve-env and under the mpirun of MPICH.
constexpr Source kSources[] = {
    {"SETTLE_RANK", "SETTLE_HOSTS"}, {kOpenMpi, "OMPI_COMM_WORLD_SIZE"},
    {"PMI_RANK", "PMI_SIZE"},        {kSlurmRank, "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"},
    {"RANK", "WORLD_SIZE"},
};

constexpr const char* kRemedy = "; --launcher=none starts this process alone";

HostId number_of(const char* name, const std::string& text, HostId least, const char* what) {
  const auto number = key_types::number_of<HostId>(text);
  if (!number || *number < least || *number > kMostHosts)
    throw BadConfig(std::string(name) + " = '" + text + "' is no " + what + kRemedy);
  return *number;
}

bool in_step_of_slurm(const Environment& environment) {
  return environment("SLURM_STEP_ID") && !environment(kOpenMpi) && !environment(kHydra);
}

std::optional<Rank> say(const Source& source, const Environment& environment) {
  if (source.rank == std::string_view(kSlurmRank) && !in_step_of_slurm(environment)) return std::nullopt;
  const char* const size_name =
      source.size_otherwise && !environment(source.size) ? source.size_otherwise : source.size;
  const auto rank = environment(source.rank);
  const auto size = environment(size_name);
  if (!rank && !size) return std::nullopt;
  if (!rank || !size)
    throw BadConfig(std::string(rank ? source.rank : size_name) + " is set, " + (rank ? size_name : source.rank) +
                    " is not" + kRemedy);
  const Rank said{number_of(source.rank, *rank, 0, "number of a process"),
                  number_of(size_name, *size, 1, "count of processes"),
                  source.rank,
                  {},
                  {}};
  if (said.self >= said.hosts)
    throw BadConfig(std::string(source.rank) + " = " + *rank + " is none of " + size_name + " = " + *size +
                    " processes" + kRemedy);
  return said;
}

std::string said_by(const Rank& rank) {
  return rank.source + " says process " + std::to_string(rank.self) + " of " + std::to_string(rank.hosts);
}

std::string job_of(const Rank& rank, const Environment& environment) {
  if (rank.source == kOpenMpi) {
    const auto start = environment("PMIX_NAMESPACE");
    return start ? "mpi-" + *start : "";
  }
  if (rank.source != kSlurmRank && rank.source != "PMI_RANK") return "";
  const auto job = environment("SLURM_JOB_ID");
  const auto step = environment("SLURM_STEP_ID");
  return job && step ? "slurm-" + *job + "." + *step : "";
}

// What a job of Slurm that asked for many processes should hear when it started one.
std::string advice_for(const Environment& environment) {
  if (!environment("SLURM_JOB_ID") || environment("SLURM_STEP_ID")) return "";
  const auto tasks = environment("SLURM_NTASKS");
  const auto count = tasks ? tasks : environment("SLURM_JOB_NUM_NODES");
  if (!count || *count == "1") return "";
  return "this job has " + *count + (tasks ? " tasks" : " nodes") +
         ", and one process of Settle: put srun before the command";
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
    if (!said || (found && said->hosts == 1)) continue;
    if (found && (said->self != found->self || said->hosts != found->hosts))
      throw BadConfig(said_by(*found) + ", but " + said_by(*said) + kRemedy);
    if (!found) found = said;
  }
  if (!found) return {0, 1, {}, {}, advice_for(environment)};
  found->job = job_of(*found, environment);
  return *found;
}

}  // namespace settle
