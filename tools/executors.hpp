// Purpose: the one place that knows every executor by name. Thread rule: pure.
#pragma once

#include <memory>

#include "actors/executor.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

enum class ExecutorKind { caf, reference, virtual_time };

// `threads`: of caf; `network`: of virtual time.
template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_executor(ExecutorKind kind, GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                unsigned threads, const NetworkOptions& network = {});

}  // namespace settle
