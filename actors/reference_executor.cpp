#include "actors/reference_executor.hpp"

#include <cmath>

#include "graph/error.hpp"
#include "graph/floating_point.hpp"
#include "graph/kernel_setup.hpp"
#include "graph/reference.hpp"

namespace settle {
namespace {

template <class Scalar>
class ReferenceExecutor final : public Executor<Scalar> {
 public:
  ReferenceExecutor(GraphPtr graph, const NodeSettings<Scalar>& settings)
      : settings_(settings),
        reference_(std::move(graph), settings.seed, settings.optimizer),
        gradients_(reference_.graph().size()) {
    fix_product_blocking();
    if (settings.rule && !settings.steps)
      throw BadConfig("the reference executor relaxes in lockstep: it needs relax.steps");
    settings_.pacing = Pacing::lockstep;
    check_admitted(reference_.graph(), settings_);
  }

  void run(TrialFeed<Scalar>& feed) override {
    const FlushDenormals flush;
    while (const std::shared_ptr<const Trial> trial = feed.next()) feed.finished(*trial, run_one(*trial));
  }

  Tensor<Scalar> observe(VertexId vertex, Quantity quantity) const override {
    return observe_node(reference_.node(vertex), quantity);
  }
  std::vector<Tensor<Scalar>> gradients(VertexId vertex) const override { return gradients_[vertex]; }
  State<Scalar> save() const override {
    State<Scalar> state;
    for (VertexId id = 0; id < graph().size(); ++id) save_state(reference_.node(id), state);
    return state;
  }
  void restore(const State<Scalar>& state, bool partial) override {
    for (VertexId id = 0; id < graph().size(); ++id) load_state(reference_.node(id), state, partial);
  }
  AgeHistogram ages() const override { return {}; }
  std::vector<VertexReport> reports() const override {
    std::vector<VertexReport> reports(graph().size());
    for (VertexId id = 0; id < graph().size(); ++id) {
      reports[id].energy = reference_.node(id).energy();
      reports[id].acts = settings_.rule ? *settings_.steps : 1;
    }
    return reports;
  }

 private:
  const Graph& graph() const { return reference_.graph(); }

  TrialReport<Scalar> run_one(const Trial& trial) {
    TrialReport<Scalar> report;
    report.loss = reference_.predict(trial, *settings_.source);
    for (const VertexId output : graph().outputs()) report.predictions.push_back(reference_.node(output).prediction());
    report.diverged = reference_.spoilt();
    if (!trial.relax) return report;
    const double reduction = settings_.mean_reduction ? 1.0 / static_cast<double>(trial.batch()) : 1.0;
    const bool learns_in_relax = settings_.learns_in_relax(trial);
    if (settings_.rule)
      reference_.relax(*settings_.rule, *settings_.steps, {},
                       learns_in_relax ? std::optional(reduction) : std::nullopt);
    else
      reference_.backprop();
    report.diverged = reference_.spoilt();
    for (VertexId id = 0; id < graph().size(); ++id) {
      const double energy = reference_.node(id).energy();
      report.free_energy += energy;
      if (!std::isfinite(energy) && !report.diverged) report.diverged = id;
    }
    if (trial.learn == LearnMode::none || report.diverged || learns_in_relax) return report;
    reference_.collect_leaf_feedback(trial.learn == LearnMode::read_out);
    if (trial.learn == LearnMode::read_out) {
      for (VertexId id = 0; id < graph().size(); ++id)
        gradients_[id] = NodeCore<Scalar>::participates(graph(), id, Phase::learn, trial, settings_)
                             ? reference_.node(id).read_out()
                             : std::vector<Tensor<Scalar>>();
    } else {
      report.diverged = reference_.learn(reduction);
    }
    return report;
  }

  NodeSettings<Scalar> settings_;
  Reference<Scalar> reference_;
  std::vector<std::vector<Tensor<Scalar>>> gradients_;
};

}  // namespace

template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_reference_executor(GraphPtr graph, const NodeSettings<Scalar>& settings) {
  return std::make_unique<ReferenceExecutor<Scalar>>(std::move(graph), settings);
}

template std::unique_ptr<Executor<float>> make_reference_executor(GraphPtr, const NodeSettings<float>&);
template std::unique_ptr<Executor<double>> make_reference_executor(GraphPtr, const NodeSettings<double>&);

}  // namespace settle
