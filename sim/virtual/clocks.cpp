#include "sim/virtual/clocks.hpp"

#include <algorithm>
#include <cmath>

#include "sim/hosts.hpp"

namespace settle {
namespace {

constexpr double kSlowest = 1e-6;    // a rate, whatever is drawn
constexpr double kRemembers = 0.99;  // of a rate's deviation, an act later

}  // namespace

Clocks::Clocks(const Graph& graph, const NetworkOptions& options, std::uint64_t seed)
    : graph_(&graph),
      compute_(options.compute),
      period_(static_cast<double>(options.period)),
      drift_(options.drift),
      straggler_(options.straggler) {
  RandomStream unused(0, "", "");
  const bool alike = options.clock->constant() && options.clock->draw(unused) == 1;
  if (options.period != 1 || !alike || drift_ > 0)
    for (const Vertex& vertex : graph.vertices()) {
      RandomStream random(seed, vertex.name, "clock");
      const double rate = std::max(options.clock->draw(random), kSlowest);
      drift_streams_.emplace_back(seed, vertex.name, "drift");
      clocks_.push_back({0, period_ / rate, rate, 0, drift_streams_.back()});
    }
  if (straggler_.every == 0) return;
  const std::vector<HostId> hosts = hosts_of(graph, options.hosts);
  for (VertexId id = 0; id < graph.size(); ++id) {
    const std::string name = options.hosts.empty() ? graph[id].name : "host " + std::to_string(hosts[id]);
    RandomStream random(seed, name, "straggler");
    const bool ever = random.uniform() < straggler_.share;
    pause_streams_.emplace_back(seed, name, "pause");
    pauses_.push_back({pause_streams_.back(), ever});
  }
}

void Clocks::begin(const Trial& trial) {
  for (VertexId id = 0; id < clocks_.size(); ++id) {
    Clock& clock = clocks_[id];
    clock = {0, period_ / clock.own_rate, clock.own_rate, 0, drift_streams_[id].numbered(trial.number)};
  }
  for (VertexId id = 0; id < pauses_.size(); ++id) pauses_[id].trial = pause_streams_[id].numbered(trial.number);
  if (!compute_.of_cost || batch_ == trial.batch()) return;
  batch_ = trial.batch();
  cost_.clear();
  for (const Vertex& vertex : graph_->vertices()) cost_.push_back(vertex.program->cost(batch_) / 2);
}

Tick Clocks::resumes(VertexId vertex, Tick tick) const {
  if (pauses_.empty() || !pauses_[vertex].ever) return tick;
  // Pauses are shorter than stretches: that of this one or the one before.
  const Tick stretch = tick / straggler_.every;
  for (Tick k = stretch - std::min<Tick>(stretch, 1); k <= stretch; ++k) {
    RandomStream random = pauses_[vertex].trial.numbered(k);
    const Tick begins = k * straggler_.every + random.below(straggler_.every);
    if (begins <= tick && tick < begins + straggler_.length) tick = begins + straggler_.length;
  }
  return tick;
}

Tick Clocks::edge(VertexId vertex, Tick tick) {
  for (;;) {
    if (!clocks_.empty()) {
      // Edge n is at the tick that ends anchor + n * period: the first n with anchor + n * period > tick - 1.
      const Clock& clock = clocks_[vertex];
      const double since = static_cast<double>(tick) - 1 - clock.anchor;
      const double n = std::max(0.0, std::floor(since / clock.period) + 1);
      tick = std::max(tick, static_cast<Tick>(std::ceil(clock.anchor + n * clock.period)));
    }
    const Tick resumed = resumes(vertex, tick);
    if (resumed == tick) return tick;
    tick = resumed;
  }
}

void Clocks::acted(VertexId vertex, Tick begins) {
  if (drift_ == 0) return;
  Clock& clock = clocks_[vertex];
  clock.anchor = static_cast<double>(begins);
  clock.deviation =
      kRemembers * clock.deviation + drift_ * std::sqrt(1 - kRemembers * kRemembers) * clock.drift.normal();
  clock.period = period_ / std::max(clock.own_rate * std::exp(clock.deviation), kSlowest);
}

double Clocks::rate(VertexId vertex) const noexcept { return clocks_.empty() ? 1 : period_ / clocks_[vertex].period; }

Tick Clocks::compute(VertexId vertex) const noexcept {
  if (compute_.ticks == 0) return 0;
  const double ticks = compute_.ticks * (compute_.of_cost ? cost_[vertex] : 1) / rate(vertex);
  return static_cast<Tick>(std::llround(std::min(ticks, static_cast<double>(kLongestTime))));
}

}  // namespace settle
