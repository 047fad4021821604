#include "sim/session/probe_rows.hpp"

#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
nlohmann::json energy_row(RunSetup<Scalar>& model, std::uint64_t trial) {
  const std::vector<double> energies = model.executor().energies();
  nlohmann::json vertices = nlohmann::json::array();
  for (VertexId id = 0; id < energies.size(); ++id)
    if (model.graph()[id].kind == VertexKind::computed)
      vertices.push_back({{"vertex", model.graph()[id].name}, {"energy", energies[id]}});
  return {{"kind", "energy"}, {"trial", trial}, {"vertices", vertices}};
}

template <class Scalar>
nlohmann::json staleness_row(RunSetup<Scalar>& model, std::uint64_t trial) {
  nlohmann::json row = {{"kind", "staleness"}, {"trial", trial}, {"slot_ages", model.executor().ages()}};
  if (model.virtual_time()) row["virtual_time"] = to_json(model.virtual_time()->last());
  return row;
}

template <class Scalar>
nlohmann::json vertices_row(RunSetup<Scalar>& model, std::uint64_t trial) {
  const std::vector<VertexReport> reports = model.executor().reports();
  nlohmann::json vertices = nlohmann::json::array();
  for (VertexId id = 0; id < reports.size(); ++id)
    vertices.push_back({{"vertex", model.graph()[id].name},
                        {"acts", reports[id].acts},
                        {"messages", reports[id].messages},
                        {"bytes", reports[id].bytes}});
  return {{"kind", "vertices"}, {"trial", trial}, {"vertices", vertices}};
}

nlohmann::json fidelity_row(const Graph& graph, std::uint64_t trial, std::span<const VertexFidelity> fidelities) {
  nlohmann::json vertices = nlohmann::json::array();
  for (const VertexFidelity& fidelity : fidelities) {
    vertices.push_back({{"vertex", graph[fidelity.vertex].name},
                        {"received", fidelity.received},
                        {"relative_error", fidelity.relative},
                        {"cosine", fidelity.cosine}});
    if (fidelity.predicted) vertices.back()["predicted"] = *fidelity.predicted;
  }
  return {{"kind", "fidelity"}, {"trial", trial}, {"vertices", vertices}};
}

template nlohmann::json energy_row(RunSetup<float>&, std::uint64_t);
template nlohmann::json energy_row(RunSetup<double>&, std::uint64_t);
template nlohmann::json staleness_row(RunSetup<float>&, std::uint64_t);
template nlohmann::json staleness_row(RunSetup<double>&, std::uint64_t);
template nlohmann::json vertices_row(RunSetup<float>&, std::uint64_t);
template nlohmann::json vertices_row(RunSetup<double>&, std::uint64_t);

}  // namespace settle
