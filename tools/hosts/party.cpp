#include "tools/hosts/party.hpp"

#include <algorithm>
#include <numeric>

#include "actors/wire/peer_error.hpp"
#include "sim/credential_files.hpp"
#include "tools/hosts/host_gateway.hpp"

namespace settle {
namespace {

constexpr std::chrono::seconds kRegroupLimit{15};
constexpr std::chrono::seconds kDismissLimit{10};

template <class Scalar>
constexpr const char* kScalarName = std::is_same_v<Scalar, float> ? "float32" : "float64";

}  // namespace

template <class Scalar>
Party<Scalar>::Party(const RunConfig& config, PartyOptions options)
    : config_(config),
      options_(std::move(options)),
      token_(config.transport.token.empty() ? random_token() : config.transport.token),
      workers_(config.run.directory / "logs") {
  const TransportConfig& transport = config.transport;
  const auto now = std::chrono::system_clock::now();
  if (!transport.encrypted) {
    options_.say("warning: transport.encrypted = off: whoever is on this network can read and change the run");
  } else if (!transport.ca.empty()) {
    tls_ = std::make_shared<const TlsContext>(read_credentials({transport.ca, transport.certificate, transport.key}),
                                              transport.name, now);
  } else {
    credentials_ = make_run_credentials(now);
    tls_ = std::make_shared<const TlsContext>(credentials_, kRunName, now);
  }
}

template <class Scalar>
Party<Scalar>::~Party() {
  if (transport_) transport_->summon(Summons::over);
  liveness_.reset();
  transport_.reset();
}

template <class Scalar>
void Party<Scalar>::listen(std::uint16_t port) {
  const ListenAddress place = listen_address(config_.transport.address);
  GatewayOptions options = host_gateway(config_.transport, {0, token_, kScalarName<Scalar>}, tls_);
  options.port = port;
  transport_ = std::make_unique<Transport>(options, place.reached_at);
  liveness_.emplace(
      liveness_settings(config_.transport),
      [transport = transport_.get()] { return last_heard(transport->counters()); },
      [this, transport = transport_.get()](const LivenessEvent& event) {
        options_.say(text_of(event));
        if (event.kind == LivenessEvent::Kind::dead) transport->part(event.host, kUnheard);
      });
  file_.reset();
  file_.emplace(
      rendezvous_path(config_.run.directory, options_.job),
      Rendezvous{{place.reached_at}, transport_->port(), token_, kScalarName<Scalar>, credentials_, config_.run.hosts});
}

template <class Scalar>
std::string Party<Scalar>::where(HostId rank) const {
  return std::to_string(rank) + (rank < options_.nodes.size() ? " (on " + options_.nodes[rank] + ")" : "");
}

template <class Scalar>
Gathering Party<Scalar>::gathering(std::vector<HostId> ranks) {
  Gathering all;
  all.ranks = std::move(ranks);
  all.limit = std::chrono::milliseconds(static_cast<std::int64_t>(config_.transport.join_limit * 1000));
  all.remind = [this](const std::vector<HostId>& missing) {
    std::string text = "waits for host";
    for (const HostId rank : missing) text += " " + where(rank);
    options_.say(text + ": start each with settle worker --join " + file_->path().string() + " --rank N");
  };
  if (options_.starts_workers)
    all.look = [this] {
      for (const auto& [rank, how] : workers_.ended()) throw PeerGone(how);
    };
  return all;
}

template <class Scalar>
std::unique_ptr<Executor<Scalar>> Party<Scalar>::muster(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                        unsigned threads) {
  for (std::uint32_t lost = 0;; ++lost) {
    try {
      return assemble(graph, settings, threads);
    } catch (const PeerGone& error) {
      if (lost == config_.run.restarts) throw;
      options_.say("lost while the hosts gathered: " + std::string(error.what()));
    }
  }
}

template <class Scalar>
std::unique_ptr<Executor<Scalar>> Party<Scalar>::assemble(const GraphPtr& graph, const NodeSettings<Scalar>& settings,
                                                          unsigned threads) {
  std::vector<HostId> ranks(config_.run.hosts - 1);
  std::iota(ranks.begin(), ranks.end(), 1U);
  std::uint16_t port = config_.transport.port;
  const bool again = transport_ != nullptr;
  if (again) {
    const std::vector<HostId> present = transport_->present();
    transport_->summon(Summons::again);
    port = transport_->port();
    liveness_.reset();
    transport_.reset();
    if (!options_.starts_workers) ranks = present;
    for (const HostId rank : ranks)
      if (std::ranges::find(present, rank) == present.end()) workers_.end(rank);
    for (const auto& [rank, how] : workers_.ended()) options_.say(how);
  }
  listen(port);
  if (options_.starts_workers)
    for (const HostId rank : ranks) workers_.start(rank, file_->path());
  Gathering who = gathering(ranks);
  if (again && !options_.starts_workers) {
    who.limit = kRegroupLimit;
    who.without_missing = true;
  }
  HostTask task;
  const Roll roll = transport_->gather(who, [&](const Roll& all) {
    task = host_task(config_, *graph, static_cast<HostId>(all.size()));
    return encoded(task);
  });
  transport_->await_ready(graph_hash(*graph), who);
  CafOptions<Scalar> options;
  options.threads = threads_of(task, threads, roll, 0);
  if (roll.size() > 1) options.role = {0, static_cast<HostId>(roll.size()), task.placement, transport_.get()};
  return make_caf_executor<Scalar>(graph, settings, options);
}

template <class Scalar>
void Party<Scalar>::dismiss() {
  if (transport_ || options_.starts_workers || options_.job.empty()) return;
  listen(config_.transport.port);
  std::vector<HostId> ranks(config_.run.hosts - 1);
  std::iota(ranks.begin(), ranks.end(), 1U);
  Gathering who = gathering(ranks);
  who.limit = kDismissLimit;
  who.without_missing = true;
  transport_->gather(who, [](const Roll&) { return Bytes(); });
}

template class Party<float>;
template class Party<double>;

}  // namespace settle
