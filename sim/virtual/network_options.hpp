// Purpose: what virtual time is made of. Thread rule: a value type.
#pragma once

#include "sim/config/run_config.hpp"
#include "sim/virtual/event.hpp"

namespace settle {

struct NetworkOptions {
  Tick latency = 1;         // of every message, at least 1
  std::uint32_t delay = 0;  // lockstep: whole steps by which every message is late
  Tick sample_every = 0;    // asynchronous: ticks between an observer's samples; 0: at the ends only
};

NetworkOptions network_options(const NetworkConfig& config);

}  // namespace settle
