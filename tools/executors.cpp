#include "tools/executors.hpp"

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"

namespace settle {

template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_executor(ExecutorKind kind, GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                unsigned threads) {
  if (kind == ExecutorKind::reference) return make_reference_executor<Scalar>(std::move(graph), settings);
  CafOptions<Scalar> options;
  options.threads = threads;
  return make_caf_executor<Scalar>(std::move(graph), settings, options);
}

template std::unique_ptr<Executor<float>> make_executor(ExecutorKind, GraphPtr, const NodeSettings<float>&, unsigned);
template std::unique_ptr<Executor<double>> make_executor(ExecutorKind, GraphPtr, const NodeSettings<double>&, unsigned);

}  // namespace settle
