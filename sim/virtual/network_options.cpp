#include "sim/virtual/network_options.hpp"

namespace settle {

NetworkOptions network_options(const NetworkConfig& config) {
  NetworkOptions options;
  options.latency = config.latency;
  options.delay = config.delay;
  options.sample_every = config.sample_every;
  return options;
}

}  // namespace settle
