#include "tools/hosts/worker.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

#include "actors/caf/caf_executor.hpp"
#include "actors/caf/gateway_transport.hpp"
#include "actors/hosts/liveness_watch.hpp"
#include "actors/wire/peer_error.hpp"
#include "sim/config/load.hpp"
#include "sim/credential_files.hpp"
#include "sim/launch/rendezvous.hpp"
#include "sim/session/run_model.hpp"
#include "sim/stop_signal.hpp"
#include "tools/hosts/host_gateway.hpp"
#include "tools/hosts/host_task.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPoll{50};

// Where host 0 is now, and how to show that one belongs to it.
struct Meeting {
  HostAddress first;
  HostIdentity identity;
  std::shared_ptr<const TlsContext> tls;
};

std::optional<Meeting> meeting_of(const WorkerOptions& options) {
  const auto now = std::chrono::system_clock::now();
  const TransportConfig& transport = options.transport;
  const auto* const file = std::get_if<std::filesystem::path>(&options.join);
  const bool own = !transport.ca.empty();
  std::shared_ptr<const TlsContext> tls;
  if (own)
    tls = std::make_shared<const TlsContext>(read_credentials({transport.ca, transport.certificate, transport.key}),
                                             transport.name, now);
  if (!file) return Meeting{std::get<HostAddress>(options.join), {options.rank, transport.token, options.scalar}, tls};
  const std::optional<Rendezvous> rendezvous = read_rendezvous(*file);
  if (!rendezvous) return std::nullopt;
  if (!own && !rendezvous->credentials.ca.text.empty())
    tls = std::make_shared<const TlsContext>(rendezvous->credentials, kRunName, now);
  return Meeting{
      {rendezvous->addresses.front(), rendezvous->port}, {options.rank, rendezvous->token, rendezvous->scalar}, tls};
}

// Serves until host 0 wants something else.
template <class Scalar>
class Worker {
 public:
  explicit Worker(const WorkerOptions& options) : options_(options) {}

  // `joined`: set once host 0 was reached.
  Summons serve(const Meeting& meeting, bool& joined) {
    const ListenAddress place = listen_address(options_.transport.address);
    GatewayTransport<Scalar> transport(host_gateway(options_.transport, meeting.identity, meeting.tls),
                                       place.reached_at);
    const LivenessWatch of_host_0(
        liveness_settings(options_.transport),
        [&transport] {
          std::map<HostId, WireTime> heard = last_heard(transport.counters());
          std::erase_if(heard, [](const auto& host) { return host.first != 0; });
          return heard;
        },
        [&transport](const LivenessEvent& event) {
          std::cerr << "settle: " << text_of(event) << std::endl;
          if (event.kind == LivenessEvent::Kind::dead) transport.part(event.host, kUnheard);
        });
    const Invitation invitation = transport.join(meeting.first);
    joined = true;
    if (invitation.summons != Summons::serve) return invitation.summons;
    if (invitation.task.empty()) return transport.next_summons();  // nothing to do: the run is complete
    const auto task = decoded<HostTask>(invitation.task);
    try {
      prepare(task);
    } catch (const Error& error) {
      transport.say_ready({Failure{error.exit_code(), error.what()}, {}});
      throw;
    }
    const GraphPtr graph = model_->run_graph();
    transport.say_ready({std::nullopt, graph_hash(*graph)});
    std::cerr << "settle: " << name_of(invitation.roll[invitation.self]) << " is one of " << invitation.roll.size()
              << " hosts, with " << std::ranges::count(task.placement, invitation.self) << " of " << graph->size()
              << " vertices" << std::endl;
    CafOptions<Scalar> caf;
    caf.threads = threads_of(task, config_.run.threads, invitation.roll, invitation.self);
    caf.role = {invitation.self, static_cast<HostId>(invitation.roll.size()), task.placement, &transport};
    try {
      serve_caf_host<Scalar>(graph, model_->settings(), caf);
    } catch (const Error& error) {
      if (error.exit_code() != ExitCode::peer_gone) throw;  // what was lost may be another host than 0
    }
    return transport.next_summons();
  }

 private:
  void prepare(const HostTask& task) {
    if (model_ && task.config == texts_) return;
    texts_ = task.config;
    config_ = load_resolved_config(texts_, "config of host 0");
    model_ = std::make_unique<RunModel<Scalar>>(config_);
  }

  const WorkerOptions& options_;
  std::map<std::string, std::string> texts_;
  RunConfig config_;
  std::unique_ptr<RunModel<Scalar>> model_;
};

template <class Scalar>
void work_as(const WorkerOptions& options) {
  Worker<Scalar> worker(options);
  auto until = Clock::now() + options.patience;
  for (;;) {
    bool joined = false;
    try {
      if (const std::optional<Meeting> meeting = meeting_of(options);
          meeting && worker.serve(*meeting, joined) == Summons::over)
        return;
    } catch (const PeerGone&) {
      if (joined || Clock::now() > until) throw;
    }
    if (joined) until = Clock::now() + options.patience;
    if (Clock::now() > until) throw PeerGone("host 0 did not come: nothing listens where it should");
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace

void work(const WorkerOptions& options) {
  const StopSignal first_signal_is_host_0s;  // which ends the run with a checkpoint; a second one ends this process
  const auto until = Clock::now() + options.patience;
  std::string scalar = options.scalar;
  if (const auto* const file = std::get_if<std::filesystem::path>(&options.join)) {
    std::optional<Rendezvous> rendezvous;
    while (!(rendezvous = read_rendezvous(*file))) {
      if (Clock::now() > until)
        throw PeerGone(file->string() +
                       ": no host 0 has written this file; is its run directory on a shared file "
                       "system?");
      std::this_thread::sleep_for(kPoll);
    }
    scalar = rendezvous->scalar;
  }
  scalar == "float64" ? work_as<double>(options) : work_as<float>(options);
}

}  // namespace settle
