#include "actors/caf/caf_executor.hpp"

#include "actors/caf/coordinator_actor.hpp"
#include "actors/caf/fair_sharing.hpp"
#include "actors/caf/hang_reporter.hpp"
#include "actors/caf/vertex_actor.hpp"
#include "graph/error.hpp"
#include "graph/floating_point.hpp"
#include "graph/kernel_setup.hpp"

namespace settle {
namespace {

// Denormals are flushed in every thread that CAF starts.
class FlushDenormalsHook final : public caf::thread_hook {
 public:
  void init(caf::actor_system&) override {}
  void thread_started() override { static thread_local const FlushDenormals flush; }
  void thread_terminates() override {}
};

// Never parses arguments or files: Boost.Program_options owns the command line.
class SystemConfig final : public caf::actor_system_config {
 public:
  explicit SystemConfig(unsigned threads) {
    set("scheduler.max-throughput", std::size_t{50});
    set("scheduler.max-threads", std::size_t{threads});
    load<caf::scheduler::coordinator<FairSharing>>();
    add_thread_hook<FlushDenormalsHook>();
  }
};

template <class Scalar>
class CafExecutor final : public Executor<Scalar> {
 public:
  CafExecutor(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options)
      : config_(options.threads), system_(config_) {
    fix_product_blocking();
    context_.graph = std::move(graph);
    context_.settings = settings;
    context_.options = options;
    if (settings.staleness) observe_versions();
    const std::size_t count = context_.graph->size();
    context_.vertices.reserve(count);
    context_.shells.reserve(count);
    for (VertexId id = 0; id < count; ++id) {
      caf::actor vertex = system_.template spawn<VertexActor<Scalar>>(&context_, id);
      context_.shells.push_back(static_cast<VertexActor<Scalar>*>(caf::actor_cast<caf::abstract_actor*>(vertex)));
      context_.vertices.push_back(std::move(vertex));
    }
    context_.coordinator = system_.template spawn<CoordinatorActor<Scalar>>(&context_);
    hang_reporter_.emplace(context_);
  }

  ~CafExecutor() override {
    hang_reporter_.reset();
    for (const caf::actor& vertex : context_.vertices) caf::anon_send_exit(vertex, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(context_.coordinator, caf::exit_reason::user_shutdown);
    context_.coordinator = nullptr;
    system_.await_all_actors_done();  // while the context they point to still lives, and they point to each other
    context_.vertices.clear();
  }

  void run(TrialFeed<Scalar>& feed) override {
    const auto done = std::make_shared<std::promise<void>>();
    std::future<void> future = done->get_future();
    hang_reporter_->watch();
    caf::anon_send(context_.coordinator, RunFeed<Scalar>{&feed, done});
    future.wait();
    hang_reporter_->rest();
    future.get();
  }

  void record(Timeline* timeline) override {
    context_.trace =
        timeline ? std::make_unique<ActorTrace>(*timeline, context_.shells.size(), context_.options.threads) : nullptr;
  }

  Tensor<Scalar> observe(VertexId vertex, Quantity quantity) const override {
    return observe_node(core(vertex).node(), quantity);
  }
  std::vector<Tensor<Scalar>> gradients(VertexId vertex) const override { return core(vertex).gradients(); }
  State<Scalar> save() const override {
    State<Scalar> state;
    for (VertexId id = 0; id < context_.shells.size(); ++id) save_state(core(id).node(), state);
    return state;
  }
  void restore(const State<Scalar>& state, bool partial) override {
    for (VertexId id = 0; id < context_.shells.size(); ++id) load_state(core(id).node(), state, partial);
  }
  AgeHistogram ages() const override {
    AgeHistogram sum{};
    for (VertexId id = 0; id < context_.shells.size(); ++id)
      for (std::size_t age = 0; age < sum.size(); ++age) sum[age] += core(id).ages()[age];
    return sum;
  }
  std::vector<VertexReport> reports() const override {
    std::vector<VertexReport> reports;
    for (VertexId id = 0; id < context_.shells.size(); ++id) reports.push_back(core(id).report());
    return reports;
  }

 private:
  NodeCore<Scalar>& core(VertexId id) const { return context_.shells[id]->core(); }

  void observe_versions() {
    std::size_t values = 0;
    std::size_t feedback = 0;
    for (const Vertex& vertex : context_.graph->vertices()) {
      context_.value_offsets.push_back(values);
      context_.feedback_offsets.push_back(feedback);
      values += vertex.parents.size();
      feedback += vertex.children.size();
    }
    context_.newest_values = std::make_unique<std::atomic<std::uint32_t>[]>(values);
    context_.newest_feedback = std::make_unique<std::atomic<std::uint32_t>[]>(feedback);
  }

  SystemConfig config_;
  Context<Scalar> context_;
  caf::actor_system system_;
  std::optional<HangReporter<Scalar>> hang_reporter_;
};

}  // namespace

template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_caf_executor(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                    const CafOptions<Scalar>& options) {
  if (!settings.rule) throw BadConfig("backprop is not a local rule: it runs in the reference executor");
  if (settings.pacing == Pacing::lockstep && !settings.steps)
    throw BadConfig("pacing lockstep runs a fixed number of steps: it needs relax.steps");
  check_admitted(*graph, settings);
  return std::make_unique<CafExecutor<Scalar>>(std::move(graph), settings, options);
}

template std::unique_ptr<Executor<float>> make_caf_executor(GraphPtr, const NodeSettings<float>&,
                                                            const CafOptions<float>&);
template std::unique_ptr<Executor<double>> make_caf_executor(GraphPtr, const NodeSettings<double>&,
                                                             const CafOptions<double>&);

}  // namespace settle
