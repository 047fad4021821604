// Purpose: networks that differ in everything that [network] can say, for tests that hold in all of them.
// Caller: tests. Thread rule: pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/virtual/network_options.hpp"

namespace settle::test {

struct NamedNetwork {
  std::string name;
  NetworkOptions options;
};

// Every link model, each alone and then all at once; no message is lost for good.
inline std::vector<NamedNetwork> link_models() {
  std::vector<NamedNetwork> networks;
  const auto add = [&](const std::string& name, auto change) {
    NetworkConfig config;
    change(config);
    networks.push_back({name, network_options(config)});
  };
  add("constant", [](NetworkConfig& config) { config.latency = "7"; });
  add("uniform", [](NetworkConfig& config) { config.latency = "uniform(1, 20)"; });
  add("exponential", [](NetworkConfig& config) { config.latency = "exponential(9)"; });
  add("lognormal", [](NetworkConfig& config) { config.latency = "lognormal(10, 1.5)"; });
  add("jitter", [](NetworkConfig& config) { config.jitter = 30; });
  add("loss with resend", [](NetworkConfig& config) {
    config.loss = 0.4;
    config.resend = 5;
  });
  add("bandwidth", [](NetworkConfig& config) { config.bandwidth = 1.5; });
  add("compute time of cost", [](NetworkConfig& config) { config.compute = "cost(0.25)"; });
  add("drifting clocks", [](NetworkConfig& config) {
    config.period = 100;
    config.clock = "uniform(0.5, 2)";
    config.drift = 0.3;
    config.latency = "20";
  });
  add("stragglers", [](NetworkConfig& config) { config.straggler = "pause(50, 20, 0.5)"; });
  add("hosts that share a wire", [](NetworkConfig& config) {
    config.hosts = "1: h1*, y*";
    config.links = "from host 0 to host 1: bandwidth = 2, latency = 12; from host 1 to *: jitter = 9";
    config.compute = "3";
  });
  add("all at once", [](NetworkConfig& config) {
    config.latency = "lognormal(20, 1)";
    config.jitter = 15;
    config.loss = 0.2;
    config.resend = 40;
    config.bandwidth = 10;
    config.compute = "cost(0.1)";
    config.period = 10;
    config.clock = "lognormal(1, 0.3)";
    config.drift = 0.1;
    config.straggler = "pause(300, 100)";
    config.hosts = "1: h*";
    config.links = "from host 0 to host 1: bandwidth = 5";
  });
  return networks;
}

}  // namespace settle::test
