// Purpose: the executors that run vertices as actors, for tests of what every one of them must do alike: CAF on one
// thread and on four, virtual time.
// Caller: tests that link CAF. Thread rule: pure functions.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/caf/caf_executor.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle::test {

using Factory = std::function<std::unique_ptr<Executor<double>>(GraphPtr, const NodeSettings<double>&)>;

inline std::vector<std::pair<std::string, Factory>> actors(const NetworkOptions& network = {}) {
  std::vector<std::pair<std::string, Factory>> list;
  for (const unsigned threads : {1U, 4U})
    list.emplace_back("caf on " + std::to_string(threads), [threads](GraphPtr graph, const auto& settings) {
      return make_caf_executor<double>(std::move(graph), settings, {.threads = threads});
    });
  list.emplace_back("virtual", [network](GraphPtr graph, const NodeSettings<double>& settings) {
    return make_virtual_time_executor(std::move(graph), settings, network);
  });
  return list;
}

// Eager where it is asynchronous.
inline NodeSettings<double> settings_of(RulePtr<double> rule, Pacing pacing, const ClampSource<double>* source) {
  NodeSettings<double> settings;
  settings.rule = std::move(rule);
  settings.pacing = pacing;
  settings.wake = Wake::eager;
  settings.source = source;
  return settings;
}

}  // namespace settle::test
