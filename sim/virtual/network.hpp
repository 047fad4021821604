// Purpose: what happens to a message that leaves: when it arrives, whether it is lost, how long it occupies its link.
// A link's draws come from a stream of its own, keyed (seed, names of the two vertices, direction, trial), so what one
// link does changes no other. Every flight takes at least one tick.
//   wire     a message of b bytes occupies its link for b / bandwidth ticks, behind those that left before it; a rule
//            between two hosts makes one wire of all links from the one to the other
//   latency  drawn; a message never arrives before one that left earlier on its link
//   jitter   up to so many ticks more, by which messages do overtake
//   loss     drawn when the message leaves; a lost one has occupied its wire, and leaves again after `resend` ticks
// Caller: the executor. Thread rule: one owner.
#pragma once

#include "sim/virtual/link_index.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

class Network {
 public:
  enum class Fate { arrives, lost, dropped };
  struct Passage {
    Fate fate;
    Tick tick;  // of its arrival, or of when it leaves again
  };

  // Errors: BadConfig naming a pattern or host in a rule that fits no vertex.
  Network(const Graph& graph, const LinkIndex& links, const NetworkOptions& options, std::uint64_t seed);

  // A relax phase begins: nothing is under way.
  void begin(std::uint64_t trial);
  // `pass` will be called for that link soon.
  void expect(LinkId link) const noexcept {
    if (!states_.empty()) __builtin_prefetch(&states_[link], 1);
  }
  // Requires: calls for one wire come in the order in which its messages leave.
  Passage pass(LinkId link, Tick leaves, std::uint64_t bytes);

  bool shares_wires() const noexcept { return shares_wires_; }
  bool may_overtake() const noexcept { return may_overtake_; }
  // A message may be lost for good.
  bool drops() const noexcept { return drops_; }

 private:
  struct Kind {  // of links: what the rules leave of LinkOptions
    LinkOptions options;
    Tick constant_latency = 0;  // 0: drawn
  };

  struct LinkState {  // of this trial
    RandomStream stream;
    Tick last_arrival;  // where latency is drawn
  };

  void apply(const Graph& graph, const LinkIndex& links, const NetworkOptions& options);
  void survey();

  std::vector<Kind> kinds_;
  std::vector<std::uint16_t> kind_of_;  // by link; empty: all are of the first kind
  std::vector<std::uint32_t> wire_of_;  // by link; empty: each is its own
  std::size_t wires_ = 0;
  bool shares_wires_ = false;
  bool may_overtake_ = false;
  bool drops_ = false;
  std::vector<RandomStream> first_streams_;  // by link, of trial 0; empty where nothing is drawn
  std::vector<LinkState> states_;            // by link, likewise
  std::vector<Tick> wire_free_;              // by wire, where there is a bandwidth
};

}  // namespace settle
