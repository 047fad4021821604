#include "tools/executors.hpp"

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_executor(ExecutorKind kind, GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                unsigned threads, const NetworkOptions& network) {
  if (kind == ExecutorKind::reference) return make_reference_executor<Scalar>(std::move(graph), settings);
  if (kind == ExecutorKind::virtual_time) return make_virtual_time_executor(std::move(graph), settings, network);
  CafOptions<Scalar> options;
  options.threads = threads;
  return make_caf_executor<Scalar>(std::move(graph), settings, options);
}

template std::unique_ptr<Executor<float>> make_executor(ExecutorKind, GraphPtr, const NodeSettings<float>&, unsigned,
                                                        const NetworkOptions&);
template std::unique_ptr<Executor<double>> make_executor(ExecutorKind, GraphPtr, const NodeSettings<double>&, unsigned,
                                                         const NetworkOptions&);

}  // namespace settle
