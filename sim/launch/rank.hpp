// Purpose: which of how many processes of a run this one is, as its launcher says in environment variables. The first
// that says so counts:
//   SETTLE_RANK, SETTLE_HOSTS                        settle launch, or by hand
//   OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE       mpirun of Open MPI
//   PMI_RANK, PMI_SIZE                               mpirun of MPICH and others
//   SLURM_PROCID, SLURM_NTASKS, with SLURM_STEP_ID   srun; without a step it is a batch script, which runs alone
//   RANK, WORLD_SIZE                                 torchrun and others
// Others that are there must agree. Slurm is not asked under Open MPI: its mpirun starts one task a node and leaves
// that task's rank in the environment of all. Thread rule: pure.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "actors/placement.hpp"

namespace settle {

struct Rank {
  HostId self = 0;
  HostId hosts = 1;
  std::string source;  // the variable that said so; empty: nobody did
  std::string job;     // names the job where its launcher does: "slurm-17.0"
  std::string advice;  // what the user should hear: that a batch script runs alone, say
};

// The value of an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

// Errors: BadConfig naming the variables that contradict each other, that are no numbers, or of which one is missing.
Rank detect_rank(const Environment& environment);

}  // namespace settle
