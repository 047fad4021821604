// Purpose: what may be said of a link, and the rules that say it of classes of links:
//   from PATTERN to PATTERN: latency = uniform(2, 5), loss = 0.1; from host 0 to host 1: bandwidth = 100
// Every rule that names a link sets what it says; of two that say the same thing the later counts. A pattern names
// vertices (graph/name_pattern.hpp), `host N` those that [network] hosts puts there. Thread rule: value types.
#pragma once

#include <string>
#include <vector>

#include "sim/virtual/distribution.hpp"
#include "sim/virtual/event.hpp"

namespace settle {

struct LinkOptions {
  DistributionPtr latency = constant_number(1);  // ticks, rounded, at least 1; the messages of a link keep their order
  Tick jitter = 0;                               // up to so many ticks more, drawn evenly: messages may overtake
  double loss = 0;                               // the share that is lost, below 1
  std::optional<Tick> resend;                    // ticks until a lost message leaves again; none: lost for good
  double bandwidth = 0;                          // bytes a tick; 0: any number at once
};

// The vertices at one end of a rule.
struct LinkEnd {
  std::string pattern;  // where there is no host
  std::optional<std::uint32_t> host;
};

struct LinkRule {
  LinkEnd from;
  LinkEnd to;
  std::optional<DistributionPtr> latency;
  std::optional<Tick> jitter;
  std::optional<double> loss;
  std::optional<std::optional<Tick>> resend;
  std::optional<double> bandwidth;  // between two hosts: of all their links together
};

// Errors: BadConfig quoting the part that does not say a rule.
std::vector<LinkRule> read_links(std::string_view text);

// Ticks, or `never` or 0: empty inside. Empty: says neither.
std::optional<std::optional<Tick>> read_resend(std::string_view text);

}  // namespace settle
