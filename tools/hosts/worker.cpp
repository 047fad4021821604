#include "tools/hosts/worker.hpp"

#include <algorithm>
#include <memory>
#include <thread>

#include "actors/caf/caf_executor.hpp"
#include "actors/caf/gateway_transport.hpp"
#include "actors/wire/peer_error.hpp"
#include "sim/checkpoint_shard.hpp"
#include "sim/config/load.hpp"
#include "sim/credential_files.hpp"
#include "sim/launch/rendezvous.hpp"
#include "sim/session/run_model.hpp"
#include "sim/stop_signal.hpp"
#include "tools/hosts/host_gateway.hpp"
#include "tools/hosts/host_task.hpp"
#include "tools/hosts/say.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;
// Nothing tells that a file has appeared on a file system of another machine, or that somebody listens there now.
constexpr std::chrono::milliseconds kPoll{50};
constexpr std::chrono::seconds kSilentPatience{10};

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

// What became of an attempt to serve.
struct Attempt {
  std::string unreached;  // why host 0 was not; empty: it was
  Summons summons = Summons::again;
};

template <class Scalar>
class Worker {
 public:
  explicit Worker(const WorkerOptions& options) : options_(options) {}

  // Until host 0 wants something else.
  Attempt serve(const Meeting& meeting) {
    const ListenAddress place = listen_address(options_.transport.address);
    GatewayTransport<Scalar> transport(host_gateway(options_.transport, meeting.identity, meeting.tls),
                                       place.reached_at);
    const auto liveness = watch_liveness(
        options_.transport, [&] { return transport.counters_by_rank(); },
        [&](HostId rank, const std::string& reason) { transport.part(rank, reason); }, 0);
    const Invitation invitation = transport.join(meeting.first);
    if (!invitation.unreached.empty() || invitation.summons != Summons::serve)
      return {invitation.unreached, invitation.summons};
    const StopSignal first_is_for_host_0;  // which ends the run with a checkpoint; a second one ends this process
    if (!invitation.task.empty()) run_vertices(transport, invitation);
    return {"", transport.next_summons()};
  }

 private:
  void run_vertices(GatewayTransport<Scalar>& transport, const Invitation& invitation) {
    const auto task = decoded<HostTask>(invitation.task);
    try {
      prepare(task);
    } catch (const Error& error) {
      transport.say_ready(Failure{error.exit_code(), error.what()});
      throw;
    }
    transport.say_ready(std::nullopt);
    if (!options_.log_in.empty()) keep_log(options_.log_in, options_.rank);
    const auto vertices = std::ranges::count(task.placement, invitation.self);
    say(name_of(invitation.roll[invitation.self]) + " is one of " + std::to_string(invitation.roll.size()) +
        " hosts, with " + std::to_string(vertices) + " of " + std::to_string(model_->graph().size()) + " vertices");
    CafOptions<Scalar> caf;
    caf.threads = threads_of(task, config_.run.threads, invitation.roll, invitation.self);
    caf.role = {invitation.self, static_cast<HostId>(invitation.roll.size()), task.placement, &transport};
    caf.keep = shard_keeper<Scalar>();
    try {
      serve_caf_host<Scalar>(model_->run_graph(), model_->settings(), caf);
    } catch (const Error& error) {
      if (error.exit_code() != ExitCode::peer_gone) throw;  // what was lost may be another host than 0
    }
  }

  void prepare(const HostTask& task) {
    if (model_ && task.config == texts_) return;
    texts_ = task.config;
    config_ = load_resolved_config(texts_, "config of host 0");
    model_ = std::make_unique<RunModel<Scalar>>(config_);
    check_graph(task, *model_->run_graph());
  }

  const WorkerOptions& options_;
  std::map<std::string, std::string> texts_;
  RunConfig config_;
  std::unique_ptr<RunModel<Scalar>> model_;
};

std::string nowhere(const WorkerOptions& options) {
  return std::get<std::filesystem::path>(options.join).string() +
         ": no host 0 has written this file; is its run directory on a shared file system?";
}

}  // namespace

void work(const WorkerOptions& options) {
  Worker<float> in_float32(options);
  Worker<double> in_float64(options);
  const auto attempt = [&](const Meeting& meeting) {
    return meeting.identity.scalar == "float64" ? in_float64.serve(meeting) : in_float32.serve(meeting);
  };
  bool told = false;
  for (auto begin = Clock::now();;) {
    const std::optional<Meeting> meeting = meeting_of(options);
    const Attempt made = meeting ? attempt(*meeting) : Attempt{nowhere(options)};
    if (made.unreached.empty()) {
      if (made.summons == Summons::over) return;
      begin = Clock::now();
      continue;
    }
    const auto waited = Clock::now() - begin;
    if (waited > options.patience) throw PeerGone(made.unreached);
    if (waited > kSilentPatience && !std::exchange(told, true)) say("waits for host 0: " + made.unreached);
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace settle
