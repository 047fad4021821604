// Purpose: which of how many processes of a run this one is, as its launcher says in environment variables. The first
// that says so counts:
//   SETTLE_RANK, SETTLE_HOSTS                         settle launch, or by hand
//   OMPI_COMM_WORLD_RANK, OMPI_COMM_WORLD_SIZE        mpirun of Open MPI
//   PMI_RANK, PMI_SIZE                                mpirun of MPICH, srun --mpi=pmi2
//   SLURM_PROCID, SLURM_STEP_NUM_TASKS, SLURM_STEP_ID srun; without a step it is a batch script, which runs alone
//   RANK, WORLD_SIZE                                  torchrun and others
// Others that are there must agree, or say that their process is the only one: launchers are started within launchers.
// Slurm is not asked under an mpirun, which starts one task a node and leaves that task's rank to all of its own.
// An empty variable is none. Callers: commands that may be one of many processes. Thread rule: pure.
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
  std::string job;     // the same in all processes of one start and in no other start: "slurm-17.0"; empty: not known
  std::string advice;  // what the user should hear: that a batch script runs alone, say
};

// The value of an environment variable; nothing where it is not set, or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

// Errors: BadConfig naming the variables that contradict each other, that are no numbers, or of which one is missing.
Rank detect_rank(const Environment& environment);

}  // namespace settle
