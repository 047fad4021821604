// Purpose: live gradient fidelity: how much of its backprop gradient each vertex has received in a trial. The errors
// that the executor relaxed are compared with those of backprop on the same batch and parameters:
//   received  <xi, xi_bp> / <xi_bp, xi_bp>       1 where relaxation is exact
//   relative  |xi - xi_bp| / |xi_bp|,  cosine    of the whole batch
// Caller: the session, every `probe.fidelity` trials. Thread rule: one user, between runs of the executor.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/received_shares.hpp"

namespace settle {

struct VertexFidelity {
  VertexId vertex = 0;
  double received = 0;
  double relative = 0;
  double cosine = 0;
  std::optional<double> predicted = std::nullopt;  // what the closed form says `received` is, where it says so
};

template <class Scalar>
class FidelityProbe {
 public:
  // Below this share of its gradient a vertex is warned about.
  static constexpr double kEnough = 0.9;

  // `settings` of the executor that will be probed.
  FidelityProbe(GraphPtr graph, const NodeSettings<Scalar>& settings);

  // From here on `predicted` is what theory says. Requires: lockstep.
  void predict_shares(const ReceivedShares& shares);

  // The vertices whose errors move in `trial` and whose backprop error is not zero. `before`: the state in which the
  // executor began the trial that it has just finished.
  std::vector<VertexFidelity> compare(const Executor<Scalar>& executor, const State<Scalar>& before,
                                      const Trial& trial);

 private:
  GraphPtr graph_;
  std::uint64_t steps_;
  std::unique_ptr<Executor<Scalar>> backprop_;
  std::vector<std::optional<double>> predicted_;  // by VertexId, or empty
};

// "layer 'h1' receives 3.5 % of its gradient ..." with the steps that the closed form asks for, or another remedy.
template <class Scalar>
std::string fidelity_warning(const Graph& graph, const VertexFidelity& fidelity, const NodeSettings<Scalar>& settings,
                             double value_rate);

}  // namespace settle
