#include "sim/virtual/network_options.hpp"

#include <cmath>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

using key_types::number_of;
using key_types::spelling;

// The numbers within NAME(...); empty where `text` is no such thing.
std::optional<std::vector<double>> arguments(std::string_view text, std::string_view name) {
  text = trimmed(text);
  if (!text.starts_with(name)) return std::nullopt;
  text = trimmed(text.substr(name.size()));
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return std::nullopt;
  std::vector<double> numbers;
  for (const std::string_view part : split(text.substr(1, text.size() - 2), ',')) {
    const auto number = number_of<double>(part);
    if (!number || !std::isfinite(*number)) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

DistributionPtr distribution(const std::string& key, std::string text) {
  DistributionPtr result = read_distribution(text);
  if (!result)
    throw BadConfig("network." + key + " = '" + text + "' is not possible; it must be " + distribution_words());
  return result;
}

}  // namespace

std::optional<ComputeTime> read_compute(std::string& text) {
  ComputeTime compute;
  if (const auto plain = number_of<double>(trimmed(text))) {
    compute.ticks = *plain;
  } else {
    const auto cost = arguments(text, "cost");
    if (!cost || cost->size() != 1) return std::nullopt;
    compute = {cost->front(), true};
  }
  if (!(compute.ticks >= 0 && compute.ticks <= static_cast<double>(kLongestTime))) return std::nullopt;
  text = compute.of_cost ? "cost(" + spelling(compute.ticks) + ")" : spelling(compute.ticks);
  return compute;
}

std::optional<Straggler> read_straggler(std::string& text) {
  if (trimmed(text) == "none") {
    text = "none";
    return Straggler{};
  }
  const auto given = arguments(text, "pause");
  if (!given || given->size() < 2 || given->size() > 3) return std::nullopt;
  const double every = given->at(0);
  const double length = given->at(1);
  const double share = given->size() == 3 ? given->at(2) : 1;
  constexpr auto kMost = static_cast<double>(kLongestTime);
  if (!(every >= 1 && every <= kMost && length >= 1 && length <= kMost && share > 0 && share <= 1)) return std::nullopt;
  const Straggler straggler{static_cast<Tick>(std::llround(every)), static_cast<Tick>(std::llround(length)), share};
  if (straggler.length >= straggler.every) return std::nullopt;
  text = "pause(" + std::to_string(straggler.every) + ", " + std::to_string(straggler.length) + ", " + spelling(share) +
         ")";
  return straggler;
}

NetworkOptions network_options(const NetworkConfig& config) {
  NetworkOptions options;
  options.link.latency = distribution("latency", config.latency);
  options.link.jitter = config.jitter;
  options.link.loss = config.loss;
  options.link.resend = config.resend;
  options.link.bandwidth = config.bandwidth;
  options.links = read_links(config.links);
  options.hosts = read_hosts(config.hosts, "network.hosts");
  std::string compute = config.compute;
  options.compute = read_compute(compute).value();
  options.period = config.period;
  options.clock = distribution("clock", config.clock);
  options.drift = config.drift;
  std::string straggler = config.straggler;
  options.straggler = read_straggler(straggler).value();
  options.delay = config.delay;
  options.sample_every = config.sample_every;
  return options;
}

}  // namespace settle
