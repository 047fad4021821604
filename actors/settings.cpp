#include "actors/settings.hpp"

#include "graph/error.hpp"
#include "graph/topology.hpp"

namespace settle {

template <class Scalar>
void check_cycles(const Graph& graph, const NodeSettings<Scalar>& settings) {
  if (graph.acyclic()) return;
  const std::string cycle = "the model has a cycle, " + to_string(graph, graph.cycles().front()) + ": ";
  // Fixed predictions and backprop start from a sweep through the graph, which has no beginning on a cycle.
  if (!settings.rule || !settings.rule->moves_values())
    throw BadConfig(cycle + "only rules that move values, such as strict, relax it, not " +
                    (settings.rule ? std::string(settings.rule->name()) : "backprop"));
  if (settings.pacing == Pacing::asynchronous && settings.wake == Wake::gather)
    throw BadConfig(cycle + "with wake gather its vertices would wait for each other; take wake eager");
}

template void check_cycles(const Graph&, const NodeSettings<float>&);
template void check_cycles(const Graph&, const NodeSettings<double>&);

}  // namespace settle
