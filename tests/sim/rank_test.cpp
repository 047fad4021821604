#include "sim/launch/rank.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/sim/scratch.hpp"
#include "tests/sim/variables.hpp"

using namespace settle;

namespace {

Rank detect(const Variables& variables) { return detect_rank(given(variables)); }

std::string told(const Variables& variables) {
  const Rank rank = detect(variables);
  return std::to_string(rank.self) + "/" + std::to_string(rank.hosts) + " " + rank.source;
}

std::string refusal(const Variables& variables) {
  return thrown_by([&] { detect(variables); });
}

Variables operator+(Variables some, const Variables& more) {
  some.insert(more.begin(), more.end());
  return some;
}

const Variables kStep = {
    {"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_JOB_ID", "17"}, {"SLURM_STEP_ID", "0"}};
const Variables kOpenMpi = {
    {"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"PMIX_NAMESPACE", "765722625"}};
const Variables kMpich = {{"PMI_RANK", "3"}, {"PMI_SIZE", "4"}, {"MPI_LOCALNRANKS", "3"}};

}  // namespace

TEST_CASE("rank: every launcher's variables are understood, and without any the process is alone") {
  CHECK(told({}) == "0/1 ");
  CHECK(told({{"SETTLE_RANK", "2"}, {"SETTLE_HOSTS", "4"}}) == "2/4 SETTLE_RANK");
  CHECK(told(kOpenMpi) == "3/4 OMPI_COMM_WORLD_RANK");
  CHECK(told({{"PMI_RANK", "0"}, {"PMI_SIZE", "8"}}) == "0/8 PMI_RANK");
  CHECK(told(kStep) == "1/2 SLURM_PROCID");
  CHECK(told({{"RANK", "3"}, {"WORLD_SIZE", "4"}}) == "3/4 RANK");
}

TEST_CASE("rank: the first source names itself, and those that agree with it are heard in silence") {
  CHECK(told(kStep + Variables{{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}) == "1/2 PMI_RANK");
  CHECK(told(kStep + Variables{{"RANK", "1"}, {"WORLD_SIZE", "2"}}) == "1/2 SLURM_PROCID");
  CHECK(told(kOpenMpi + Variables{{"SETTLE_RANK", "3"}, {"SETTLE_HOSTS", "4"}}) == "3/4 SETTLE_RANK");
}

TEST_CASE("rank: a job's name differs from start to start where its launcher has one") {
  CHECK(detect(kStep).job == "slurm-17.0");
  CHECK(detect(kStep + Variables{{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}).job == "slurm-17.0");
  CHECK(detect(kOpenMpi).job == "mpi-765722625");
  // Not all ranks of one mpirun in an allocation are in a step: only those on other machines are.
  CHECK(detect(kOpenMpi + kStep).job == "mpi-765722625");
  CHECK(detect({{"SETTLE_RANK", "1"}, {"SETTLE_HOSTS", "2"}}).job.empty());
  CHECK(detect({{"RANK", "3"}, {"WORLD_SIZE", "4"}}).job.empty());
}

TEST_CASE("rank: a batch script without srun runs alone and is told so") {
  const Variables script = {{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_JOB_ID", "17"}};
  CHECK(told(script) == "0/1 ");
  CHECK(detect(script).advice.starts_with("this job has 4 tasks, and one process of Settle: put srun before"));
  CHECK(detect({{"SLURM_JOB_NUM_NODES", "2"}, {"SLURM_JOB_ID", "17"}}).advice.starts_with("this job has 2 nodes"));
  CHECK(detect({{"SLURM_NTASKS", "1"}, {"SLURM_JOB_ID", "17"}}).advice.empty());
  CHECK(detect(kStep).advice.empty());
  CHECK(detect(kOpenMpi + script).advice.empty());
}

TEST_CASE("rank: an mpirun inside a Slurm job counts its own ranks, whatever Slurm left in the environment") {
  CHECK(told(kOpenMpi + kStep) == "3/4 OMPI_COMM_WORLD_RANK");
  CHECK(told(kMpich + kStep) == "3/4 PMI_RANK");
}

TEST_CASE("rank: a launcher of one process says nothing against one that was started in it") {
  const Variables shell = {
      {"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_JOB_ID", "17"}, {"SLURM_STEP_ID", "0"}};
  CHECK(told(shell) == "0/1 SLURM_PROCID");
  CHECK(told(shell + Variables{{"SETTLE_RANK", "2"}, {"SETTLE_HOSTS", "4"}}) == "2/4 SETTLE_RANK");
  CHECK(refusal(kStep + Variables{{"SETTLE_RANK", "0"}, {"SETTLE_HOSTS", "1"}})
            .starts_with("78: SETTLE_RANK says process 0 of 1, but SLURM_PROCID says process 1 of 2"));
}

TEST_CASE("rank: sources that disagree, are half set or make no sense are refused by name and with the remedy") {
  const std::string both = refusal({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"RANK", "0"}, {"WORLD_SIZE", "2"}});
  CHECK(both ==
        "78: PMI_RANK says process 1 of 2, but RANK says process 0 of 2; --launcher=none starts this process alone");
  CHECK(refusal({{"RANK", "0"}}).starts_with("78: RANK is set, WORLD_SIZE is not; --launcher=none"));
  CHECK(refusal({{"WORLD_SIZE", "2"}}).starts_with("78: WORLD_SIZE is set, RANK is not; --launcher=none"));
  CHECK(refusal({{"RANK", "x"}, {"WORLD_SIZE", "2"}}).starts_with("78: RANK = 'x' is no number of a process"));
  CHECK(refusal({{"RANK", "-1"}, {"WORLD_SIZE", "2"}}).starts_with("78: RANK = '-1' is no number of a process"));
  CHECK(refusal({{"RANK", "2"}, {"WORLD_SIZE", "2"}}).starts_with("78: RANK = 2 is none of WORLD_SIZE = 2 processes"));
  CHECK(refusal({{"RANK", "0"}, {"WORLD_SIZE", "0"}}).starts_with("78: WORLD_SIZE = '0' is no count of processes"));
  CHECK(refusal({{"RANK", "0"}, {"WORLD_SIZE", "99999999999"}}).starts_with("78: WORLD_SIZE = '99999999999'"));
}

TEST_CASE("rank: a variable that is empty is as one that is not set") {
  ::setenv("SETTLE_TEST_OF_RANK", "", 1);
  CHECK_FALSE(process_environment()("SETTLE_TEST_OF_RANK"));
  ::setenv("SETTLE_TEST_OF_RANK", "1", 1);
  CHECK(process_environment()("SETTLE_TEST_OF_RANK") == "1");
  ::unsetenv("SETTLE_TEST_OF_RANK");
  CHECK_FALSE(process_environment()("SETTLE_TEST_OF_RANK"));
}
