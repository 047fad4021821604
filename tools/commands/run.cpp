#include "graph/error.hpp"
#include "sim/config/load.hpp"
#include "sim/launch/node_list.hpp"
#include "sim/launch/rank.hpp"
#include "tools/hosts/host_gateway.hpp"
#include "tools/hosts/say.hpp"
#include "tools/hosts/worker.hpp"
#include "tools/run_training.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "Every key of the config is also an option, --section.key=value; `settle help config` lists them.\n"
    "The run is kept in runs/NAME_OF_CONFIG (run.directory): manifest.json, metrics.jsonl, checkpoints/, result.json "
    "and,\n"
    "at the end, report.html (settle help report; --run.report=off leaves it out).\n"
    "The same command again goes on where it stopped; on a finished run it prints the stored result.\n"
    "Ctrl-C or SIGTERM: stops at the next trial with a checkpoint, exit code 75; a second one: out at once.\n\n"
    "Started by srun or mpirun it is one process of a run over all of them; settle help launch starts several here.\n\n"
    "  --json           print the result as one line of JSON\n"
    "  --quiet          no progress\n"
    "  --plain          between processes: no encryption, transport.encrypted = off\n"
    "  --launcher=none  run alone, whatever srun, mpirun or another launcher says\n\n"
    "  settle run configs/fashion_mlp.ini\n"
    "  settle run configs/fashion_mlp.ini --learn.epochs=20 --run.threads=2\n"
    "  srun -n 4 settle run configs/fashion_mlp.ini --transport.address=auto\n"
    "  settle run configs/fashion_mlp.ini --rule.name=backprop --run.directory=runs/backprop --json\n";

int run(const Arguments& arguments) {
  TrainingArguments parsed = training_arguments(arguments, "CONFIG", {"json", "quiet", "plain", "launcher"});
  const Environment environment = process_environment();
  const Rank rank = parsed.launcher ? detect_rank(environment) : Rank{};
  if (!rank.advice.empty()) say(rank.advice);
  if (!rank.source.empty()) parsed.settings.push_back("--run.hosts=" + std::to_string(rank.hosts));
  const RunConfig config = load_run_config({parsed.target, parsed.settings, settle_environment()});
  if (rank.self > 0) {
    WorkerOptions options;
    options.join = rendezvous_path(config.run.directory, rank.job);
    options.rank = rank.self;
    options.patience = milliseconds_of(config.transport.join_limit);
    options.transport = config.transport;
    options.log_in = config.run.directory;
    try {
      work(options);
    } catch (const Error& error) {
      add_to_log("settle: " + std::string(error.what()) + "\n");
      throw;
    }
    return static_cast<int>(ExitCode::ok);
  }
  PartyOptions party;
  party.job = rank.job;
  if (rank.hosts > 1) {
    party.others = PartyOptions::Others::started_by_launcher;
    party.nodes = nodes_of_ranks(environment);
  }
  return run_training(config, arguments, parsed, party);
}

}  // namespace

extern const Command kRunCommand = {
    "run",
    "CONFIG [--section.key=value ...] [--json] [--quiet] [--plain] [--launcher=none]",
    "train and evaluate; the same command again resumes",
    {},
    kDetails,
    run,
};

}  // namespace settle
