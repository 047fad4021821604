// Runs under a real Slurm of two nodes (tests/launch/slurm.sh), which each test starts for itself.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"

using namespace settle;

namespace {

const std::vector<std::string> kShort = {"--learn.epochs=1", "--run.report=off"};

// One word a shell.
std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += "'" + word + "' ";
  return text;
}

std::string settle_run(const TrainingFolder& folder, const std::string& name,
                       const std::vector<std::string>& settings) {
  return quoted(folder.words(name, settings));
}

// A shell's script under a Slurm of its own.
std::vector<std::string> under_slurm(const TrainingFolder& folder, const std::string& script) {
  return {SETTLE_SOURCE_DIR "/tests/launch/slurm.sh", folder / "slurm", "/bin/sh", "-c", script};
}

// Aloud.
bool skipped_without_slurm() {
  if (run_process({"/bin/sh", "-c", "PATH=$PATH:/usr/sbin; command -v slurmctld slurmd srun"}).exit_code == 0)
    return false;
  MESSAGE("skipped: Slurm is not installed (slurm-wlm)");
  return true;
}

pid_t task_of(const TrainingFolder& folder, const std::string& name, int rank) {
  return newest_process([&](const RunningProcess& process) {
    return process.has_words({"--run.directory=" + folder.directory(name).string()}) &&
           process.has_variable("SLURM_PROCID=" + std::to_string(rank)) && process.words[1] == "run";
  });
}

void kill_task(const TrainingFolder& folder, const std::string& name, int rank) {
  const pid_t task = task_of(folder, name, rank);
  REQUIRE(task > 0);
  ::kill(task, SIGKILL);
}

}  // namespace

TEST_CASE("srun makes one run of its tasks on two nodes") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const ProcessResult result = run_process(under_slurm(folder, "srun -N2 -n4 " + settle_run(folder, "four", kShort)));
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kShort));
}

TEST_CASE("srun with one task runs alone, and so does a batch script without srun, which is told so") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const std::string one = folder.sha256("one", kShort);
  const std::string end = folder / "end";
  put(folder / "job.sh", "#!/bin/sh\n" + settle_run(folder, "job", kShort) + "\necho $? >" + end + "\n");
  // sbatch -W would look for the job's end after 2 s, then after 8.
  const std::string batch = "mkfifo " + end + "; sbatch --quiet -n4 -o " + (folder / "job").string() + " " +
                            (folder / "job.sh").string() + " && read code <" + end + " && exit $code";
  const ProcessResult result =
      run_process(under_slurm(folder, "srun " + settle_run(folder, "step", kShort) + "; " + batch));
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == one);
  const std::string job = get(folder / "job");
  CHECK(has(job, "settle: this job has 4 tasks, and one process of Settle: put srun before the command"));
  CHECK(has(job, one));
}

TEST_SUITE_BEGIN("full");

TEST_CASE("srun --mpi=pmi2 makes one run of its tasks") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const ProcessResult result =
      run_process(under_slurm(folder, "srun --mpi=pmi2 -N2 -n4 " + settle_run(folder, "four", kShort)));
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kShort));
}

TEST_CASE("a batch job that gets SIGUSR1 ends with code 75 and a checkpoint, from which the same job goes on") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const std::string undisturbed = folder.sha256("one", kLong);
  put(folder / "job.sh", "#!/bin/sh\nsrun " + settle_run(folder, "job", kLong) + "\n");
  const std::string sbatch =
      "sbatch -W --quiet -J job -N2 -n4 -o '" + (folder / "out").string() + "' '" + (folder / "job.sh").string() + "'";
  Process job(under_slurm(folder, sbatch + "; code=$?; " + sbatch + " && exit $code"));
  REQUIRE(waits_for(job, [&] { return trials_so_far(folder, "job") >= 20; }));
  ProcessOptions options;
  options.environment = {{"SLURM_CONF", folder / "slurm/slurm.conf"}};
  REQUIRE(run_process({"/bin/sh", "-c", "scancel --signal=USR1 --name=job"}, options).exit_code == 0);
  const ProcessResult result = job.result();
  CHECK_MESSAGE(result.exit_code == 75, result.err);
  CHECK(has(get(folder / "out"), undisturbed));
}

TEST_CASE("the other tasks of srun go on when one is killed, and with -K all end and the same command goes on") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const std::string undisturbed = folder.sha256("one", kLong);
  Process without(under_slurm(folder, "srun -N2 -n3 " + settle_run(folder, "without", kLong)));
  REQUIRE(waits_for(without, [&] { return trials_so_far(folder, "without") >= 20; }));
  kill_task(folder, "without", 1);
  const ProcessResult on = without.result();
  CHECK(on.exit_code == 137);
  REQUIRE_MESSAGE(!on.out.empty(), on.err);
  CHECK(last_line(on).at("parameters_sha256") == undisturbed);

  const std::string srun = "srun -K -N2 -n3 " + settle_run(folder, "with", kLong);
  Process with(under_slurm(folder, srun + "; code=$?; " + srun + " && exit $code"));
  REQUIRE(waits_for(with, [&] { return trials_so_far(folder, "with") >= 20; }));
  kill_task(folder, "with", 1);
  const ProcessResult again = with.result();
  CHECK(again.exit_code > 0);
  REQUIRE_MESSAGE(!again.out.empty(), again.err);
  CHECK(last_line(again).at("parameters_sha256") == undisturbed);
  for (int rank = 0; rank < 3; ++rank) CHECK(task_of(folder, "with", rank) == 0);
}

TEST_CASE("what srun cannot start is refused with the cause") {
  if (skipped_without_slurm()) return;
  const TrainingFolder folder;
  const auto refusal = [&](const std::string& script) {
    const ProcessResult result = run_process(under_slurm(folder, script));
    return std::to_string(result.exit_code) + ": " + result.err;
  };
  const std::string contradicting = refusal("srun -K -n2 env RANK=1 WORLD_SIZE=2 " + settle_run(folder, "a", kShort));
  CHECK_MESSAGE(has(contradicting, "SLURM_PROCID says process 0 of 2, but RANK says process 1 of 2"), contradicting);
  const std::string twice = refusal("srun -n2 " + settle_run(folder, "b", {"--run.hosts=2"}));
  CHECK_MESSAGE(has(twice, "2: settle: command line: 'run.hosts' is given twice"), twice);
  const std::string launches = refusal("srun -n2 " + quoted(launch_words(folder, "c", 2, kLong)));
  CHECK_MESSAGE(has(launches, "73: settle: "), launches);
  CHECK(has(launches, "a run is going on here"));
}

TEST_SUITE_END();
