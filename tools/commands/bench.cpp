#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/model.hpp"
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
    {"json", "", "one line of JSON"},
};

constexpr std::string_view kDetails =
    "Times one learning trial (predict, relax, learn by sgd) on synthetic data: on actors, and `direct`, the same\n"
    "kernels in a plain loop on one thread: backprop for fixed_prediction at rate 1, asynchronous; else lockstep\n"
    "relaxation with as many steps as the busiest vertex made acts. Both take turns, so that the machine's drift\n"
    "cancels; the ratio is the median of the rounds'.\n\n"
    "  settle bench trial --family mlp --layers 784,300,100,10 --batch 64\n"
    "  settle bench trial configs/fashion_mlp.ini --threads 2 --json\n";

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

int bench(const Arguments& arguments) {
  Arguments rest = arguments;
  if (rest.words.empty() || rest.words.front() != "trial")
    Options({arguments.command, {}}).fail("it takes what to time first: trial");
  rest.words.erase(rest.words.begin());
  const Options options(rest);
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

}  // namespace

extern const Command kBenchCommand = {
    "bench", "trial MODEL|CONFIG --batch B [options]", "time one learning trial on synthetic data", kOptions, kDetails,
    bench,
};

}  // namespace settle
