// Purpose: what virtual time is made of: links, clocks and how often to look. Made from a config's [network]; tests
// and benchmarks fill it in themselves. Thread rule: a value type.
#pragma once

#include <functional>

#include "actors/protocol.hpp"
#include "sim/config/run_config.hpp"
#include "sim/hosts.hpp"
#include "sim/virtual/link.hpp"

namespace settle {

// Ticks of one act at rate 1: so many, or so many a multiply-add of what the vertex computes for its batch.
struct ComputeTime {
  double ticks = 0;
  bool of_cost = false;
};

// In every stretch of `every` ticks a host (where there are none, a vertex) once begins no act for `length` ticks, from
// a tick that is drawn. Only a `share` of them, drawn too, ever does.
struct Straggler {
  Tick every = 0;   // 0: nobody stops
  Tick length = 0;  // less
  double share = 1;
};

struct NetworkOptions {
  LinkOptions link;  // of every link, less what the rules say
  std::vector<LinkRule> links = {};
  std::vector<Pin> hosts = {};
  ComputeTime compute = {};
  Tick period = 1;                             // ticks between the edges of a clock at rate 1
  DistributionPtr clock = constant_number(1);  // the rate of a vertex's clock, drawn once
  double drift = 0;                            // how far rates wander: the deviation of their logarithm
  Straggler straggler = {};
  std::uint32_t delay = 0;  // lockstep: whole steps by which every message is late
  Tick sample_every = 0;    // asynchronous: ticks between an observer's samples; 0: at the ends only
  // For failure tests: a message for which this returns true counts as sent and never arrives.
  std::function<bool(VertexId receiver, MessageKind kind, Slot slot)> lose = nullptr;
};

// Errors: BadConfig naming the key.
NetworkOptions network_options(const NetworkConfig& config);

// Put `text` into its one spelling. Empty: it is not possible.
std::optional<ComputeTime> read_compute(std::string& text);  // TICKS or cost(TICKS)
std::optional<Straggler> read_straggler(std::string& text);  // none or pause(EVERY, LENGTH, SHARE)

}  // namespace settle
