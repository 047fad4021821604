#include "actors/caf/caf_host.hpp"

#include "actors/caf/fair_sharing.hpp"
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

template <class Scalar>
void check_settings(const Graph& graph, const NodeSettings<Scalar>& settings) {
  if (!settings.rule) throw BadConfig("backprop is not a local rule: it runs in the reference executor");
  if (settings.pacing == Pacing::lockstep && !settings.steps)
    throw BadConfig("pacing lockstep runs a fixed number of steps: it needs relax.steps");
  check_admitted(graph, settings);
}

// Its own vertices are here, and the inputs that they read.
template <class Scalar>
bool is_here(const Context<Scalar>& context, VertexId id) {
  const Vertex& vertex = (*context.graph)[id];
  return context.owns(id) ||
         (vertex.kind == VertexKind::input &&
          std::ranges::any_of(vertex.children, [&](const Edge& child) { return context.owns(child.vertex); }));
}

}  // namespace

SystemConfig::SystemConfig(unsigned threads) {
  set("scheduler.max-throughput", std::size_t{50});
  set("scheduler.max-threads", std::size_t{threads});
  load<caf::scheduler::coordinator<FairSharing>>();
  add_thread_hook<FlushDenormalsHook>();
}

template <class Scalar>
CafHost<Scalar>::CafHost(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options)
    : config_(options.threads), system_(config_) {
  check_settings(*graph, settings);
  fix_product_blocking();
  context_.graph = std::move(graph);
  context_.settings = settings;
  context_.options = options;
  if (settings.staleness) observe_versions();
  const std::size_t count = context_.graph->size();
  context_.vertices.reserve(count);
  context_.shells.resize(count);
  for (VertexId id = 0; id < count; ++id) {
    if (!is_here(context_, id)) continue;
    caf::actor vertex = system_.template spawn<VertexActor<Scalar>>(&context_, id);
    context_.shells[id] = static_cast<VertexActor<Scalar>*>(caf::actor_cast<caf::abstract_actor*>(vertex));
    context_.vertices.push_back(std::move(vertex));
  }
}

template <class Scalar>
CafHost<Scalar>::~CafHost() {
  if (!context_.alone()) context_.options.role.transport->attach(nullptr);
  hang_reporter_.reset();
  inspector_.reset();
  for (const caf::actor& vertex : context_.vertices) caf::anon_send_exit(vertex, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(context_.gate, caf::exit_reason::user_shutdown);
  context_.gate = nullptr;
  system_.await_all_actors_done();  // while the context they point to still lives, and they point to each other
  context_.vertices.clear();
}

template <class Scalar>
void CafHost<Scalar>::start(caf::actor gate, Watch watch) {
  context_.gate = std::move(gate);
  watch_ = std::move(watch);
  inspector_.emplace(context_);
  hang_reporter_.emplace(context_, *inspector_);
  if (!context_.alone()) context_.options.role.transport->attach(this);
}

template <class Scalar>
void CafHost<Scalar>::message(VertexId receiver, const Message<Scalar>& message) {
  if (!fits(receiver, message))
    return caf::anon_send(context_.gate, GiveUp{"a message came for vertex " + std::to_string(receiver) + ", slot " +
                                                std::to_string(message.slot) + ", which is not on this host"});
  context_.outstanding.raise();
  context_.received.fetch_add(1, std::memory_order_release);
  context_.note_newest(receiver, message);
  context_.shells[receiver]->post(std::make_unique<MessageParcel<Scalar>>(message), nullptr);
}

template <class Scalar>
bool CafHost<Scalar>::fits(VertexId receiver, const Message<Scalar>& message) const {
  if (receiver >= context_.graph->size() || !context_.owns(receiver)) return false;
  const Vertex& vertex = (*context_.graph)[receiver];
  return message.slot < (message.kind == MessageKind::value ? vertex.parents : vertex.children).size();
}

template <class Scalar>
void CafHost<Scalar>::control(HostId from, std::uint16_t kind, std::span<const char> content) {
  if (static_cast<ControlKind>(kind) == ControlKind::inspect && context_.options.role.self != 0)
    return inspector_->reply_to(decoded<Inspection>(content));
  ControlArrived arrived{from, static_cast<ControlKind>(kind), {content.begin(), content.end()}};
  if (!watch_.control || !watch_.control(arrived)) caf::anon_send(context_.gate, std::move(arrived));
}

template <class Scalar>
void CafHost<Scalar>::lost(HostId host, const std::string& cause) {
  HostLost loss{host, cause};
  if (watch_.lost) watch_.lost(loss);
  caf::anon_send(context_.gate, std::move(loss));
}

template <class Scalar>
template <class Visit>
void CafHost<Scalar>::each(Visit visit) const {
  for (VertexId id = 0; id < context_.graph->size(); ++id)
    if (context_.owns(id)) visit(id, core(id));
}

template <class Scalar>
State<Scalar> CafHost<Scalar>::save() const {
  State<Scalar> state;
  each([&](VertexId, NodeCore<Scalar>& core) { save_state(core.node(), state); });
  return state;
}

template <class Scalar>
void CafHost<Scalar>::restore(const State<Scalar>& state, bool partial) {
  each([&](VertexId, NodeCore<Scalar>& core) { load_state(core.node(), state, partial); });
}

template <class Scalar>
AgeHistogram CafHost<Scalar>::ages() const {
  AgeHistogram sum{};
  each([&](VertexId, const NodeCore<Scalar>& core) {
    const AgeHistogram ages = core.ages();
    for (std::size_t age = 0; age < sum.size(); ++age) sum[age] += ages[age];
  });
  return sum;
}

template <class Scalar>
std::map<VertexId, VertexReport> CafHost<Scalar>::reports() const {
  std::map<VertexId, VertexReport> reports;
  each([&](VertexId id, const NodeCore<Scalar>& core) { reports.emplace_hint(reports.end(), id, core.report()); });
  return reports;
}

template <class Scalar>
Reply CafHost<Scalar>::answer(const Query& query) try {
  Reply reply{query.number, std::nullopt, {}};
  const bool of_vertex = query.what == Query::What::observe || query.what == Query::What::gradients;
  if (of_vertex && (query.vertex >= context_.graph->size() || !context_.owns(query.vertex)))
    throw BadData("vertex " + std::to_string(query.vertex) + " is not on this host");
  switch (query.what) {
    case Query::What::observe:
      reply.content = encoded(observe_node(core(query.vertex).node(), query.quantity));
      break;
    case Query::What::gradients:
      reply.content = encoded(core(query.vertex).gradients());
      break;
    case Query::What::save:
      reply.content = encoded(save());
      break;
    case Query::What::restore:
    case Query::What::restore_partially:
      restore(decoded<State<Scalar>>(query.content), query.what == Query::What::restore_partially);
      break;
    case Query::What::ages: {
      const AgeHistogram histogram = ages();
      reply.content = encoded(std::vector(histogram.begin(), histogram.end()));
      break;
    }
    case Query::What::reports:
      reply.content = encoded(reports());
      break;
    case Query::What::keep:
      if (!context_.options.keep) throw InternalFault("was started without a keeper");
      reply.content = context_.options.keep(context_.options.role.self, save(), query.content);
      break;
  }
  return reply;
} catch (const std::exception&) {
  return {query.number, to_failure(std::current_exception()), {}};
}

template <class Scalar>
void CafHost<Scalar>::observe_versions() {
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

template class CafHost<float>;
template class CafHost<double>;

}  // namespace settle
