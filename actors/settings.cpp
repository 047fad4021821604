#include "actors/settings.hpp"

#include "graph/error.hpp"
#include "graph/topology.hpp"

namespace settle {

template <class Scalar>
void check_admitted(const Graph& graph, const NodeSettings<Scalar>& settings) {
  if (settings.rule && settings.rule->timed() && settings.pacing != Pacing::lockstep)
    throw BadConfig("the rule " + std::string(settings.rule->name()) +
                    " is timed, it counts the steps that errors travel: it runs in pacing lockstep only");
  if (graph.acyclic()) return;
  const std::string cycle = "the model has a cycle, " + to_string(graph, graph.cycles().front()) + ": ";
  // Other rules and backprop start from a sweep through the graph, which has no beginning on a cycle.
  if (!settings.rule || !settings.rule->starts_anywhere())
    throw BadConfig(cycle + "only the rules strict and incremental relax it, not " +
                    (settings.rule ? std::string(settings.rule->name()) : "backprop"));
  if (settings.pacing == Pacing::asynchronous && settings.wake == Wake::gather)
    throw BadConfig(cycle + "with wake gather its vertices would wait for each other; take wake eager");
}

template void check_admitted(const Graph&, const NodeSettings<float>&);
template void check_admitted(const Graph&, const NodeSettings<double>&);

}  // namespace settle
