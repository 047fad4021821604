#include "sim/virtual/network.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "graph/error.hpp"
#include "graph/name_pattern.hpp"
#include "sim/hosts.hpp"

namespace settle {
namespace {

// Two rules of two patterns each may part the links in many ways, but nobody writes this many.
constexpr std::size_t kMostKinds = 65536;

Tick whole_ticks(double ticks) {
  return static_cast<Tick>(std::llround(std::clamp(ticks, 1.0, static_cast<double>(kLongestTime))));
}

// Vertices at that end, a flag each.
std::vector<char> fitting(const Graph& graph, const std::vector<std::uint32_t>& hosts, const LinkEnd& end) {
  std::vector<char> fits(graph.size());
  bool any = false;
  for (VertexId id = 0; id < graph.size(); ++id) {
    fits[id] = end.host ? hosts[id] == *end.host : matches(end.pattern, graph[id].name);
    any = any || fits[id];
  }
  if (!any)
    throw BadConfig(end.host ? "network.links: no vertex is on host " + std::to_string(*end.host) +
                                   "; network.hosts says who is where"
                             : "network.links: no vertex is named '" + end.pattern + "' (settle graph lists them)");
  return fits;
}

void set(LinkOptions& options, const LinkRule& rule) {
  if (rule.latency) options.latency = *rule.latency;
  if (rule.jitter) options.jitter = *rule.jitter;
  if (rule.loss) options.loss = *rule.loss;
  if (rule.resend) options.resend = *rule.resend;
  if (rule.bandwidth) options.bandwidth = *rule.bandwidth;
}

// Calls visit(link, sender, receiver, kind) for every link in order.
template <class Visit>
void each_link(const Graph& graph, const LinkIndex& links, Visit visit) {
  for (VertexId id = 0; id < graph.size(); ++id) {
    LinkId link = links.first(id);
    for (const Edge& parent : graph[id].parents) visit(link++, parent.vertex, id, MessageKind::value);
    for (const Edge& child : graph[id].children) visit(link++, child.vertex, id, MessageKind::feedback);
  }
}

}  // namespace

Network::Network(const Graph& graph, const LinkIndex& links, const NetworkOptions& options, std::uint64_t seed) {
  apply(graph, links, options);
  survey();
  const auto draws = [](const Kind& kind) {
    return kind.constant_latency == 0 || kind.options.jitter > 0 || kind.options.loss > 0;
  };
  if (std::ranges::any_of(kinds_, draws)) {
    first_streams_.reserve(links.size());
    each_link(graph, links, [&](LinkId, VertexId sender, VertexId receiver, MessageKind kind) {
      first_streams_.emplace_back(seed, graph[sender].name + "\n" + graph[receiver].name,
                                  kind == MessageKind::value ? "value" : "feedback");
    });
  }
  if (std::ranges::any_of(kinds_, [](const Kind& kind) { return kind.options.bandwidth > 0; }))
    wire_free_.resize(wires_);
}

void Network::apply(const Graph& graph, const LinkIndex& links, const NetworkOptions& options) {
  kinds_.push_back({options.link});
  wires_ = links.size();
  const std::vector<HostId> hosts = hosts_of(graph, options.hosts);
  if (options.links.empty()) return;
  kind_of_.resize(links.size(), 0);
  // Each rule moves the links that it fits to a kind of their own, one for each kind that they were of.
  for (const LinkRule& rule : options.links) {
    const std::vector<char> from = fitting(graph, hosts, rule.from);
    const std::vector<char> to = fitting(graph, hosts, rule.to);
    std::map<std::uint16_t, std::uint16_t> changed;
    std::optional<std::uint32_t> wire;
    each_link(graph, links, [&](LinkId link, VertexId sender, VertexId receiver, MessageKind) {
      if (!from[sender] || !to[receiver]) return;
      const auto [entry, fresh] = changed.try_emplace(kind_of_[link], static_cast<std::uint16_t>(kinds_.size()));
      if (fresh) {
        if (kinds_.size() == kMostKinds) throw BadConfig("network.links has too many rules");
        kinds_.push_back(kinds_[entry->first]);
        set(kinds_.back().options, rule);
      }
      kind_of_[link] = entry->second;
      if (!rule.bandwidth || !rule.from.host || !rule.to.host) return;
      if (wire_of_.empty())
        for (LinkId own = 0; own < links.size(); ++own) wire_of_.push_back(own);
      if (!wire) wire = static_cast<std::uint32_t>(wires_++);
      wire_of_[link] = *wire;
      shares_wires_ = true;
    });
  }
}

void Network::survey() {
  for (Kind& kind : kinds_) {
    RandomStream unused(0, "", "");
    if (kind.options.latency->constant()) kind.constant_latency = whole_ticks(kind.options.latency->draw(unused));
  }
  const auto any = [&](auto holds) { return std::ranges::any_of(kinds_, holds, &Kind::options); };
  may_overtake_ = any([](const LinkOptions& link) { return link.jitter > 0 || (link.loss > 0 && link.resend); });
  drops_ = any([](const LinkOptions& link) { return link.loss > 0 && !link.resend; });
}

void Network::begin(std::uint64_t trial) {
  states_.clear();
  states_.reserve(first_streams_.size());
  for (const RandomStream& first : first_streams_) states_.push_back({first.numbered(trial), 0});
  std::ranges::fill(wire_free_, 0);
}

Network::Passage Network::pass(LinkId link, Tick leaves, std::uint64_t bytes) {
  const Kind& kind = kinds_[kind_of_.empty() ? 0 : kind_of_[link]];
  const LinkOptions& options = kind.options;
  Tick sent = leaves;
  if (options.bandwidth > 0) {
    Tick& free = wire_free_[wire_of_.empty() ? link : wire_of_[link]];
    const double occupied = std::ceil(static_cast<double>(bytes) / options.bandwidth);
    free = std::max(free, leaves) + static_cast<Tick>(std::min(occupied, static_cast<double>(kLongestTime)));
    sent = free;
  }
  if (options.loss > 0 && states_[link].stream.uniform() < options.loss)
    return options.resend ? Passage{Fate::lost, sent + *options.resend} : Passage{Fate::dropped, sent};
  Tick arrives = sent;
  if (kind.constant_latency > 0) {
    arrives += kind.constant_latency;
  } else {
    LinkState& state = states_[link];
    arrives = std::max(sent + whole_ticks(options.latency->draw(state.stream)), state.last_arrival);
    state.last_arrival = arrives;
  }
  if (options.jitter > 0) arrives += states_[link].stream.below(options.jitter + 1);
  return {Fate::arrives, arrives};
}

}  // namespace settle
