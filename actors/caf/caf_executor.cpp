#include "actors/caf/caf_executor.hpp"

#include "actors/caf/caf_host.hpp"
#include "actors/caf/coordinator_actor.hpp"
#include "actors/caf/vertex_actor.hpp"
#include "actors/caf/worker_actor.hpp"
#include "actors/hosts/remote_hosts.hpp"
#include "graph/error.hpp"

namespace settle {
namespace {

template <class Scalar>
class CafExecutor final : public Executor<Scalar>, public Inspectable {
 public:
  CafExecutor(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options)
      : host_(std::move(graph), settings, options), remote_(context().options.role) {
    host_.start(host_.system().template spawn<CoordinatorActor<Scalar>>(&host_.context()),
                {.control =
                     [this](const ControlArrived& message) {
                       if (message.kind == ControlKind::failed)  // the coordinator is told too
                         remote_.gone(message.from, decoded<Failure>(message.content));
                       if (message.kind != ControlKind::reply) return false;
                       remote_.replied(decoded<Reply>(message.content));
                       return true;
                     },
                 .lost =
                     [this](const HostLost& lost) {
                       remote_.gone(lost.host, {ExitCode::peer_gone, lost.cause});
                     }});
  }

  ~CafExecutor() override {
    for (HostId host = 1; host < context().options.role.hosts; ++host)
      context().options.role.transport->control(host, static_cast<std::uint16_t>(ControlKind::leave), {});
  }

  void run(TrialFeed<Scalar>& feed) override {
    const auto done = std::make_shared<std::promise<void>>();
    std::future<void> future = done->get_future();
    host_.hang_reporter().watch();
    caf::anon_send(context().gate, RunFeed<Scalar>{&feed, done});
    future.wait();
    host_.hang_reporter().rest();
    future.get();
  }

  void record(Timeline* timeline) override {
    if (timeline && !context().alone()) throw BadConfig("a timeline is of one process: leave out probe.timeline");
    context().trace = timeline
                          ? std::make_unique<ActorTrace>(*timeline, context().shells.size(), context().options.threads)
                          : nullptr;
  }

  Tensor<Scalar> observe(VertexId vertex, Quantity quantity) const override {
    if (context().owns(vertex)) return observe_node(host_.core(vertex).node(), quantity);
    return ask<Tensor<Scalar>>(host_of(vertex), {0, Query::What::observe, vertex, quantity, {}});
  }
  std::vector<Tensor<Scalar>> gradients(VertexId vertex) const override {
    if (context().owns(vertex)) return host_.core(vertex).gradients();
    return ask<std::vector<Tensor<Scalar>>>(host_of(vertex), {0, Query::What::gradients, vertex, {}, {}});
  }
  State<Scalar> save() const override {
    State<Scalar> state = host_.save();
    for (State<Scalar>& part : ask_others<State<Scalar>>(Query::What::save)) state.merge(part);
    return state;
  }
  std::vector<std::vector<char>> save_parts(const PartKeeper<Scalar>& here,
                                            std::span<const char> order) const override {
    Bytes own;
    std::vector<Bytes> answers = remote_.ask_all(
        [&](HostId) {
          return Query{0, Query::What::keep, 0, {}, Bytes(order.begin(), order.end())};
        },
        [&] { own = here(0, host_.save(), order); });
    answers.insert(answers.begin(), std::move(own));
    return answers;
  }
  void restore(const State<Scalar>& state, bool partial) override {
    const auto what = partial ? Query::What::restore_partially : Query::What::restore;
    remote_.ask_all(
        [&](HostId host) {
          return Query{0, what, 0, {}, encoded(part_of(host, state))};
        },
        [&] { host_.restore(state, partial); });
  }
  AgeHistogram ages() const override {
    AgeHistogram sum = host_.ages();
    for (const auto& ages : ask_others<std::vector<std::uint64_t>>(Query::What::ages))
      for (std::size_t age = 0; age < std::min(sum.size(), ages.size()); ++age) sum[age] += ages[age];
    return sum;
  }
  std::vector<VertexReport> reports() const override {
    std::vector<VertexReport> reports(context().graph->size());
    const auto put = [&](const std::map<VertexId, VertexReport>& some) {
      for (const auto& [id, report] : some)
        if (id < reports.size()) reports[id] = report;
    };
    put(host_.reports());
    for (const auto& some : ask_others<std::map<VertexId, VertexReport>>(Query::What::reports)) put(some);
    return reports;
  }

  std::vector<std::string> stacks() const override {
    std::vector<std::string> lines = host_.inspector().stacks();
    const auto others = remote_.inspect(Inspection::What::stacks, std::chrono::seconds(2));
    for (HostId host = 1; host < context().options.role.hosts; ++host) {
      const auto found = others.find(host);
      std::ranges::move(found != others.end() ? decoded<std::vector<std::string>>(found->second)
                                              : std::vector{"host " + std::to_string(host) + ": does not answer"},
                        std::back_inserter(lines));
    }
    return lines;
  }
  std::vector<HostActivity> activity() const override {
    std::vector<HostActivity> all{host_.inspector().activity()};
    if (context().alone()) return all;
    const auto others = remote_.inspect(Inspection::What::activity, std::chrono::seconds(1));
    auto peers = context().options.role.transport->counters();
    for (HostId host = 1; host < context().options.role.hosts; ++host) {
      const auto found = others.find(host);
      all.push_back(found != others.end() ? decoded<HostActivity>(found->second)
                                          : HostActivity{.host = host, .answered = false, .traffic = peers[host]});
      all.back().traffic.last_heard = peers[host].last_heard;
    }
    all.front().traffic.last_heard = std::chrono::steady_clock::now();
    return all;
  }

 private:
  Context<Scalar>& context() const { return host_.context(); }
  HostId host_of(VertexId vertex) const { return context().options.role.placement[vertex]; }
  template <class T>
  T ask(HostId host, Query query) const {
    return decoded<T>(remote_.ask(host, std::move(query)));
  }
  template <class T>
  std::vector<T> ask_others(Query::What what) const {
    std::vector<T> answers;
    for (const Bytes& reply : remote_.ask_all([what](HostId) { return Query{0, what, 0, {}, {}}; }, [] {}))
      answers.push_back(decoded<T>(reply));
    return answers;
  }
  State<Scalar> part_of(HostId host, const State<Scalar>& state) const {
    State<Scalar> part;
    for (VertexId id = 0; id < context().graph->size(); ++id)
      if (host_of(id) == host) copy_state((*context().graph)[id], state, part);
    return part;
  }

  mutable CafHost<Scalar> host_;
  mutable RemoteHosts<Scalar> remote_;
};

}  // namespace

template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_caf_executor(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                    const CafOptions<Scalar>& options) {
  return std::make_unique<CafExecutor<Scalar>>(std::move(graph), settings, options);
}

template <class Scalar>
void serve_caf_host(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options) {
  CafHost<Scalar> host(std::move(graph), settings, options);
  std::promise<void> done;
  std::future<void> left = done.get_future();
  host.start(host.system().template spawn<WorkerActor<Scalar>>(&host, &done));
  left.get();
}

template std::unique_ptr<Executor<float>> make_caf_executor(GraphPtr, const NodeSettings<float>&,
                                                            const CafOptions<float>&);
template std::unique_ptr<Executor<double>> make_caf_executor(GraphPtr, const NodeSettings<double>&,
                                                             const CafOptions<double>&);
template void serve_caf_host(GraphPtr, const NodeSettings<float>&, const CafOptions<float>&);
template void serve_caf_host(GraphPtr, const NodeSettings<double>&, const CafOptions<double>&);

}  // namespace settle
