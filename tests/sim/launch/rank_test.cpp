#include "sim/launch/rank.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/sim/scratch.hpp"

using namespace settle;

namespace {

using Variables = std::map<std::string, std::string>;

Rank detect(const Variables& variables) {
  return detect_rank([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string told(const Variables& variables) {
  const Rank rank = detect(variables);
  return std::to_string(rank.self) + "/" + std::to_string(rank.hosts) + " " + rank.source;
}

std::string refusal(const Variables& variables) {
  return thrown_by([&] { detect(variables); });
}

}  // namespace

TEST_CASE("rank: every launcher's variables are understood, and without any the process is alone") {
  CHECK(told({}) == "0/1 ");
  CHECK(told({{"SETTLE_RANK", "2"}, {"SETTLE_HOSTS", "4"}}) == "2/4 SETTLE_RANK");
  CHECK(told({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}}) == "1/2 OMPI_COMM_WORLD_RANK");
  CHECK(told({{"PMI_RANK", "0"}, {"PMI_SIZE", "8"}}) == "0/8 PMI_RANK");
  CHECK(told({{"RANK", "3"}, {"WORLD_SIZE", "4"}}) == "3/4 RANK");
  const Variables step = {{"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "6"}, {"SLURM_JOB_ID", "17"}, {"SLURM_STEP_ID", "0"}};
  CHECK(told(step) == "5/6 SLURM_PROCID");
  CHECK(detect(step).job == "slurm-17.0");
}

TEST_CASE("rank: a batch script without srun runs alone and is told so") {
  const Variables script = {{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_JOB_ID", "17"}};
  CHECK(told(script) == "0/1 ");
  CHECK(detect(script).advice.find("put srun before") != std::string::npos);
  CHECK(detect({{"SLURM_NTASKS", "1"}, {"SLURM_JOB_ID", "17"}}).advice.empty());
}

TEST_CASE("rank: Open MPI inside a Slurm job counts its own ranks, whatever Slurm left in the environment") {
  CHECK(told({{"OMPI_COMM_WORLD_RANK", "3"},
              {"OMPI_COMM_WORLD_SIZE", "4"},
              {"SLURM_PROCID", "0"},
              {"SLURM_NTASKS", "2"},
              {"SLURM_STEP_ID", "1"}}) == "3/4 OMPI_COMM_WORLD_RANK");
}

TEST_CASE("rank: sources that disagree, are half set or make no sense are refused by name") {
  const std::string both = refusal({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"RANK", "0"}, {"WORLD_SIZE", "2"}});
  CHECK(both.starts_with("78: PMI_RANK says process 1 of 2, but RANK says process 0 of 2"));
  CHECK(refusal({{"RANK", "0"}}).starts_with("78: RANK is set, WORLD_SIZE is not"));
  CHECK(refusal({{"RANK", "x"}, {"WORLD_SIZE", "2"}}).starts_with("78: RANK = 'x' is no number"));
  CHECK(refusal({{"RANK", "2"}, {"WORLD_SIZE", "2"}}).starts_with("78: RANK = 2 is none of WORLD_SIZE = 2"));
  CHECK(refusal({{"RANK", "0"}, {"WORLD_SIZE", "99999999999"}}).starts_with("78: WORLD_SIZE = '99999999999'"));
}
