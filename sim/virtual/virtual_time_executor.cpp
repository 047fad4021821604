#include "sim/virtual/virtual_time_executor.hpp"

#include <algorithm>

#include "actors/phase_end.hpp"
#include "actors/work_watch.hpp"
#include "graph/error.hpp"
#include "graph/floating_point.hpp"
#include "graph/kernel_setup.hpp"

namespace settle {
namespace {

template <class Scalar>
NodeSettings<Scalar> checked(const Graph& graph, const NodeSettings<Scalar>& settings, const NetworkOptions& options) {
  if (!settings.rule) throw BadConfig("backprop is not a local rule: it runs in the reference executor");
  if (settings.pacing == Pacing::lockstep && !settings.steps)
    throw BadConfig("pacing lockstep runs a fixed number of steps: it needs relax.steps");
  check_admitted(graph, settings);
  if (options.delay > 0 && settings.rule && settings.rule->timed())
    throw BadConfig("network.delay shifts the steps that the rule " + std::string(settings.rule->name()) +
                    " counts: leave it 0, or take another rule");
  if (options.delay > 0 && settings.pacing != Pacing::lockstep)
    throw BadConfig(
        "network.delay counts lockstep steps: set relax.pacing = lockstep, or say how late messages are in ticks "
        "(network.latency)");
  return settings;
}

}  // namespace

template <class Scalar>
const Graph& RelaxationSample<Scalar>::graph() const noexcept {
  return executor_.graph();
}

template <class Scalar>
const Node<Scalar>& RelaxationSample<Scalar>::node(VertexId id) const {
  return executor_.node(id);
}

template <class Scalar>
VirtualTimeExecutor<Scalar>::VirtualTimeExecutor(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                 const NetworkOptions& options)
    : graph_(std::move(graph)),
      settings_(checked(*graph_, settings, options)),
      options_(options),
      links_(*graph_),
      network_(*graph_, links_, options_, settings.seed),
      clocks_(*graph_, options_, settings.seed),
      casts_(*graph_, settings_),
      cores_(graph_->size()),
      // No message is later than the phase is long.
      delay_line_(
          links_.size(),
          lockstep() ? static_cast<std::uint32_t>(std::min<std::uint64_t>(options.delay, *settings_.steps)) : 0),
      ready_(graph_->size()),
      newest_(settings.staleness ? links_.size() : 0),
      slot_sent_(newest_.size()),
      arrived_(network_.may_overtake() ? links_.size() : 0) {
  if (network_.drops() && (lockstep() || settings.wake != Wake::eager))
    throw BadConfig(
        "a vertex would wait for ever for what network.loss loses: give network.resend, or take relax.pacing = "
        "asynchronous and relax.wake = eager, which act without it");
  fix_product_blocking();
  for (VertexId id = 0; id < cores_.size(); ++id) cores_[id].emplace(*graph_, id, settings_);
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::run(TrialFeed<Scalar>& feed) {
  const FlushDenormals flush;
  while (std::shared_ptr<const Trial> trial = feed.next()) feed.finished(*trial, run_one(trial));
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::record(Timeline* timeline) {
  trace_.reset();
  if (timeline) trace_.emplace(*timeline, *graph_, hosts_of(*graph_, options_.hosts));
}

template <class Scalar>
TrialReport<Scalar> VirtualTimeExecutor<Scalar>::run_one(std::shared_ptr<const Trial> trial) {
  const auto core_of = [this](VertexId id) -> const NodeCore<Scalar>& { return core(id); };
  const std::vector<VertexId> all = casts_.of(*trial, Phase::predict).participants;  // everybody predicts
  std::vector<Payload<Scalar>> predictions;
  ++sequence_;
  last_ = {};
  immediate_.clear();
  for (Phase phase = Phase::predict; phase != Phase::idle; phase = next_phase(phase, *trial)) {
    if (phase == Phase::learn && std::ranges::any_of(all, [&](VertexId id) { return core(id).report().diverged; }))
      trial = without_learning(*trial);
    stamp_ = {sequence_, phase};
    if (trace_) trace_->begin_phase(phase);
    if (phase == Phase::relax) {
      relax(trial);
    } else {
      for (const VertexId id : casts_.of(*trial, phase).starters)
        at_once(id, [&](NodeCore<Scalar>& core) { core.begin(Begin{stamp_, trial}, *this); });
      deliver_immediately();
    }
    if (trace_) trace_->end_phase(trial->number, last_.settled_after);
    check_phase_done(stamp_, *trial, unfinished(*graph_, casts_.of(*trial, phase).participants, stamp_, core_of));
    if (phase != Phase::predict) continue;
    for (const VertexId id : graph_->outputs()) predictions.push_back(node(id).prediction());
  }
  if (trace_) trace_->end_trial(trial->number);
  TrialReport<Scalar> report = trial_report(sum_of_reports<Scalar>(all, core_of));
  report.predictions = std::move(predictions);
  return report;
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::deliver_immediately() {
  while (!immediate_.empty()) {
    const Immediate next = std::move(immediate_.front());
    immediate_.pop_front();
    at_once(next.receiver, [&](NodeCore<Scalar>& core) { core.receive(next.message, *this); });
  }
}

template <class Scalar>
template <class Doing>
void VirtualTimeExecutor<Scalar>::at_once(VertexId vertex, Doing doing) {
  doer_ = vertex;
  const WorkWatch watch(core(vertex).report());
  doing(core(vertex));
  if (trace_ && watch.worked(core(vertex).report())) trace_->worked_at_once(vertex);
}

template <class Scalar>
std::vector<std::vector<Tensor<Scalar>>> VirtualTimeExecutor<Scalar>::read_out_now() {
  std::vector<std::vector<Tensor<Scalar>>> gradients(cores_.size());
  for (VertexId id = 0; id < cores_.size(); ++id) {
    const std::vector<Edge>& parents = (*graph_)[id].parents;
    for (Slot slot = 0; slot < parents.size(); ++slot) {
      Node<Scalar>& parent = core(parents[slot].vertex).node();
      const bool leaf = parent.vertex().kind != VertexKind::computed && !parent.free();
      if (leaf) parent.set_feedback(parents[slot].slot, core(id).node().feedback(slot));
    }
  }
  for (VertexId id = 0; id < cores_.size(); ++id) {
    Node<Scalar>& node = core(id).node();
    if (node.vertex().kind == VertexKind::computed || !node.free()) gradients[id] = node.read_out();
  }
  return gradients;
}

template <class Scalar>
State<Scalar> VirtualTimeExecutor<Scalar>::save() const {
  State<Scalar> state;
  for (VertexId id = 0; id < cores_.size(); ++id) save_state(node(id), state);
  return state;
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::restore(const State<Scalar>& state, bool partial) {
  for (VertexId id = 0; id < cores_.size(); ++id) load_state(core(id).node(), state, partial);
}

template <class Scalar>
AgeHistogram VirtualTimeExecutor<Scalar>::ages() const {
  AgeHistogram sum{};
  for (VertexId id = 0; id < cores_.size(); ++id)
    for (std::size_t age = 0; age < sum.size(); ++age) sum[age] += core(id).ages()[age];
  return sum;
}

template <class Scalar>
std::vector<VertexReport> VirtualTimeExecutor<Scalar>::reports() const {
  std::vector<VertexReport> reports;
  for (VertexId id = 0; id < cores_.size(); ++id) reports.push_back(core(id).report());
  return reports;
}

template class RelaxationSample<float>;
template class RelaxationSample<double>;
template class VirtualTimeExecutor<float>;
template class VirtualTimeExecutor<double>;

}  // namespace settle
