// Purpose: the one place that knows every executor by name. Thread rule: pure.
#pragma once

#include <memory>

#include "actors/executor.hpp"

namespace settle {

enum class ExecutorKind { caf, reference };

// `threads`: of caf.
template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_executor(ExecutorKind kind, GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                unsigned threads);

}  // namespace settle
