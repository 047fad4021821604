#include "tools/relax_options.hpp"

namespace settle {
namespace {

constexpr std::string_view kPacings[] = {"asynchronous", "lockstep"};
constexpr std::string_view kWakes[] = {"gather", "eager"};
constexpr std::string_view kSendDeltas[] = {"mixed", "absolute", "relative"};
constexpr std::string_view kScalars[] = {"float32", "float64"};
constexpr std::int64_t kMostThreads = 4096;

RelaxChoice configured(const RunConfig& config) {
  return {rule_choice(config), config.run.threads, config.run.scalar == RunSectionConfig::Scalar::float64,
          config.run.seed};
}

}  // namespace

RelaxChoice relax_choice(const Options& options, const std::optional<RunConfig>& config) {
  RelaxChoice choice = config ? configured(*config) : RelaxChoice();
  RuleChoice& rule = choice.rule;
  if (const auto index = options.choice(kRule.name, kRules)) {
    rule.rule = kRules[*index];
    rule.value_rate.reset();  // a config's was meant for its own rule
    rule.follows_curvature = false;
  }
  if (const auto index = options.choice(kPacing.name, kPacings))
    rule.pacing = *index == 0 ? Pacing::asynchronous : Pacing::lockstep;
  if (const auto index = options.choice(kWake.name, kWakes)) rule.wake = *index == 0 ? Wake::gather : Wake::eager;
  if (options.text(kValueRate.name)) {
    rule.follows_curvature = options.text(kValueRate.name) == "auto";
    if (!rule.follows_curvature) rule.value_rate = options.positive(kValueRate.name);
  }
  if (const auto steps = options.whole(kSteps.name, 0)) rule.steps = static_cast<std::uint64_t>(*steps);
  if (const auto tolerance = options.not_negative(kTolerance.name)) rule.tolerance = tolerance;
  if (const auto tolerance = options.not_negative(kSendTolerance.name)) rule.send_tolerance = tolerance;
  if (const auto index = options.choice(kSendDelta.name, kSendDeltas)) rule.send_delta = static_cast<SendDelta>(*index);
  if (const auto threads = options.whole(kThreads.name, 1, kMostThreads))
    choice.threads = static_cast<unsigned>(*threads);
  if (const auto index = options.choice(kScalar.name, kScalars)) choice.float64 = *index == 1;
  if (const auto seed = options.whole(kSeed.name, 0)) choice.seed = static_cast<std::uint64_t>(*seed);
  return choice;
}

}  // namespace settle
