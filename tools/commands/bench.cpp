#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/model.hpp"
#include "tools/host_benchmark.hpp"
#include "tools/model_choice.hpp"
#include "tools/relax_options.hpp"
#include "tools/trial_benchmark.hpp"
#include "tools/trial_timer.hpp"

namespace settle {
namespace {

constexpr std::int64_t kLargestBatch = 1 << 20;
constexpr std::uint64_t kRounds = 20;
constexpr double kRoundMilliseconds = 50;

constexpr Option kLearningRate = {"learning-rate", "X", "of sgd (default: 0.01)"};
constexpr Option kOptions[] = {
    {"plain", "", "hosts: without encryption"},
    {"rounds", "N", "hosts: how often each figure is taken, for the median (default: 3)"},
    {"json", "", "one line of JSON"},
    {"batch", "B", "samples of a trial (default: a CONFIG's)"},
    {"trials", "N", "how many of each loop, in all (default: about 2 s)"},
    kRule,
    kPacing,
    kWake,
    kValueRate,
    kSteps,
    kTolerance,
    kSendTolerance,
    kSendDelta,
    kThreads,
    kScalar,
    kSeed,
    kLearningRate,
    kFamilyOptions[0],
    kFamilyOptions[1],
    kFamilyOptions[2],
    kFamilyOptions[3],
    kFamilyOptions[4],
    kFamilyOptions[5],
    kFamilyOptions[6],
    kFamilyOptions[7],
    kFamilyOptions[8],
};
constexpr std::span kHostsOptions = std::span(kOptions).first(3);
constexpr std::span kTrialOptions = std::span(kOptions).subspan(2);

constexpr std::string_view kDetails =
    "trial: times one learning trial (predict, relax, learn by sgd) on synthetic data: on actors, and `direct`, the\n"
    "same kernels in a plain loop on one thread: backprop for fixed_prediction at rate 1, asynchronous; else lockstep\n"
    "relaxation with as many steps as the busiest vertex made acts. Both take turns, so that the machine's drift\n"
    "cancels; the ratio is the median of the rounds'.\n\n"
    "  settle bench trial --family mlp --layers 784,300,100,10 --batch 64\n"
    "  settle bench trial configs/fashion_mlp.ini --threads 2 --json\n\n"
    "hosts: times messages between vertices of two processes on this machine, over TLS 1.3 as between the hosts of a\n"
    "run, or --plain: 1 MB tensors, 1 KB messages, 64 bytes there and back, and the memory of both processes while\n"
    "the receiver is stopped. About ten seconds.\n\n"
    "  settle bench hosts\n"
    "  settle bench hosts --plain --json\n";

std::int64_t batch_of(const Options& options, const std::optional<RunConfig>& config) {
  if (const auto batch = options.whole("batch", 1, kLargestBatch)) return *batch;
  if (!config) options.fail("--batch is missing");
  return config->learn.batch;
}

nlohmann::json spread(const std::vector<double>& times) {
  const auto [least, most] = std::ranges::minmax(times);
  return {{"min", least}, {"median", median(times)}, {"max", most}};
}

std::vector<double> quotients(const RoundTimes& times) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < times.first.size(); ++round)
    ratios.push_back(times.first[round] / times.second[round]);
  return ratios;
}

template <class Scalar>
nlohmann::json measure(const ModelChoice& model, const RelaxChoice& relax, std::int64_t batch, double learning_rate,
                       const std::optional<std::int64_t>& trials) {
  TrialBenchmark<Scalar> benchmark(load_model(model.graph, {.batch = batch}), batch, relax.rule, relax.threads,
                                   relax.seed, learning_rate);
  const Graph& graph = *benchmark.graph;
  const auto& trial = benchmark.data.trial();
  const TimedTrials<Scalar> probe = time_trials(*benchmark.executor, graph, trial, 3);
  const std::uint64_t rounds = trials ? std::min(kRounds, static_cast<std::uint64_t>(*trials)) : kRounds;
  const std::uint64_t per_round =
      trials ? static_cast<std::uint64_t>(*trials) / rounds
             : static_cast<std::uint64_t>(std::clamp(std::ceil(kRoundMilliseconds * 3 / probe.milliseconds), 1., 1e6));
  const RoundTimes times = time_in_turns(*benchmark.executor, *benchmark.direct, graph, trial, rounds, per_round);
  return {{"model", model.name},
          {"rule", relax.rule.rule},
          {"pacing", relax.rule.pacing == Pacing::lockstep ? "lockstep" : "asynchronous"},
          {"batch", batch},
          {"threads", benchmark.settings.rule ? relax.threads : 1},
          {"scalar", relax.float64 ? "float64" : "float32"},
          {"vertices", graph.size()},
          {"parameters", graph.parameter_count()},
          {"steps", benchmark.steps},
          {"rounds", rounds},
          {"trials", rounds * per_round},
          {"ms_per_trial", spread(times.first)},
          {"direct", benchmark.direct_loop},
          {"direct_ms", median(times.second)},
          {"ratio", median(quotients(times))},
          {"messages_per_trial", probe.last.messages},
          {"bytes_per_trial", probe.last.bytes},
          {"acts_per_trial", probe.last.acts}};
}

void print_table(const nlohmann::json& result) {
  const auto whole = [&](const char* key) { return static_cast<long long>(result.at(key).get<std::uint64_t>()); };
  const auto text = [&](const char* key) { return result.at(key).get<std::string>(); };
  const nlohmann::json& ms = result.at("ms_per_trial");
  std::printf("%s: %lld vertices, %lld parameters, batch %lld, %s, %s, %s, %lld thread(s)\n", text("model").c_str(),
              whole("vertices"), whole("parameters"), whole("batch"), text("rule").c_str(), text("pacing").c_str(),
              text("scalar").c_str(), whole("threads"));
  std::printf("%-24s%10.4f  (min %.4f, max %.4f, %lld rounds of %lld)\n", "ms per trial", ms.at("median").get<double>(),
              ms.at("min").get<double>(), ms.at("max").get<double>(), whole("rounds"),
              whole("trials") / whole("rounds"));
  std::printf("%-24s%10.4f  (%s in a plain loop, 1 thread)\n", "direct ms", result.at("direct_ms").get<double>(),
              text("direct").c_str());
  std::printf("%-24s%10.4f\n", "ratio", result.at("ratio").get<double>());
  std::printf("%-24s%10.0f\n", "trials per second", 1000 / ms.at("median").get<double>());
  std::printf("%-24s%10lld\n", "messages per trial", whole("messages_per_trial"));
  std::printf("%-24s%10lld\n", "bytes per trial", whole("bytes_per_trial"));
  std::printf("%-24s%10lld\n", "acts per trial", whole("acts_per_trial"));
}

int bench_trial(const Options& options) {
  const ModelChoice model = choose_model(options);
  const RelaxChoice relax = relax_choice(options, model.config);
  const std::int64_t batch = batch_of(options, model.config);
  const auto trials = options.whole("trials", 1);
  const double rate = options.positive(kLearningRate.name).value_or(OptimizerSettings().learning_rate);
  const nlohmann::json result = relax.float64 ? measure<double>(model, relax, batch, rate, trials)
                                              : measure<float>(model, relax, batch, rate, trials);
  if (options.has("json"))
    std::cout << result.dump() << "\n";
  else
    print_table(result);
  return 0;
}

int bench_hosts(const Options& options) {
  if (!options.words().empty()) options.fail("hosts takes no argument: '" + options.words().front() + "'");
  const bool plain = options.has("plain");
  const HostBenchmark result = time_hosts(plain, options.whole("rounds", 1, 1000).value_or(3));
  if (options.has("json")) {
    const nlohmann::json json = {
        {"tls", !plain},
        {"tensor_bytes_per_second", result.tensor_bytes_per_second},
        {"tensor_cpu_seconds_per_gigabyte", result.tensor_cpu_per_gigabyte},
        {"messages_per_second", result.messages_per_second},
        {"round_trip_us", {{"p50", result.round_trip_median * 1e6}, {"p99", result.round_trip_99 * 1e6}}},
        {"stopped_receiver_bytes",
         {{"sender", result.stopped_sender_bytes},
          {"receiver", result.stopped_receiver_bytes},
          {"queued", result.stopped_queued_bytes}}}};
    std::cout << json.dump() << "\n";
    return 0;
  }
  std::printf("two processes on this machine, %s\n", plain ? "plain" : "TLS 1.3");
  std::printf("%-32s%10.2f  GB/s, for %.2f s of processor time a GB\n", "tensors of 1 MB",
              result.tensor_bytes_per_second / 1e9, result.tensor_cpu_per_gigabyte);
  std::printf("%-32s%10.0f  a second\n", "messages of 1 KB", result.messages_per_second);
  std::printf("%-32s%10.1f  us, median (99 of 100: %.1f)\n", "64 bytes there and back", result.round_trip_median * 1e6,
              result.round_trip_99 * 1e6);
  std::printf("%-32s%10.1f  MB of the sender, %.1f of the receiver\n", "memory, the receiver stopped",
              result.stopped_sender_bytes / 1e6, result.stopped_receiver_bytes / 1e6);
  return 0;
}

int bench(const Arguments& arguments) {
  const std::string what = arguments.words.empty() ? "" : arguments.words.front();
  if (what != "trial" && what != "hosts")
    Options({arguments.command, {}}).fail("it takes what to time first: trial or hosts");
  Command command = *arguments.command;
  command.options = what == "trial" ? kTrialOptions : kHostsOptions;
  const Options options({&command, {arguments.words.begin() + 1, arguments.words.end()}});
  return what == "trial" ? bench_trial(options) : bench_hosts(options);
}

}  // namespace

extern const Command kBenchCommand = {
    "bench",
    "trial MODEL|CONFIG --batch B [options] | hosts [--plain]",
    "time one learning trial on synthetic data, or messages between two processes",
    kOptions,
    kDetails,
    bench,
};

}  // namespace settle
