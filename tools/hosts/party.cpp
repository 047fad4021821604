#include "tools/hosts/party.hpp"

#include <algorithm>
#include <numeric>

#include "actors/wire/peer_error.hpp"
#include "sim/credential_files.hpp"
#include "sim/file_system.hpp"
#include "sim/random_token.hpp"
#include "sim/stop_signal.hpp"
#include "tools/hosts/host_gateway.hpp"
#include "tools/hosts/host_task.hpp"
#include "tools/hosts/say.hpp"

namespace settle {
namespace {

constexpr std::chrono::seconds kRegroupLimit{15};
constexpr std::chrono::seconds kDismissLimit{10};
constexpr std::chrono::seconds kDyingLimit{1};  // for a process whose connection has ended

template <class Scalar>
constexpr const char* kScalarName = std::is_same_v<Scalar, float> ? "float32" : "float64";

}  // namespace

template <class Scalar>
Party<Scalar>::Party(const RunConfig& config, PartyOptions options)
    : config_(config),
      options_(std::move(options)),
      token_(config.transport.token.empty() ? random_token() : config.transport.token),
      workers_(config.run.directory) {
  const TransportConfig& transport = config.transport;
  const auto now = std::chrono::system_clock::now();
  if (!transport.encrypted) {
    say("warning: transport.encrypted = off: whoever is on this network can read and change the run");
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
}

template <class Scalar>
std::vector<HostId> Party<Scalar>::others() const {
  std::vector<HostId> ranks(config_.run.hosts - 1);
  std::iota(ranks.begin(), ranks.end(), 1U);
  return ranks;
}

template <class Scalar>
void Party<Scalar>::listen() {
  const ListenAddress place = listen_address(config_.transport.address);
  GatewayOptions options = host_gateway(config_.transport, {0, token_, kScalarName<Scalar>}, tls_);
  options.port = config_.transport.port;
  transport_ = std::make_unique<Transport>(options, place.reached_at);
  liveness_ = watch_liveness(
      config_.transport, [transport = transport_.get()] { return transport->counters_by_rank(); },
      [transport = transport_.get()](HostId rank, const std::string& reason) { transport->part(rank, reason); });
  file_.reset();
  file_.emplace(
      rendezvous_path(config_.run.directory, options_.job),
      Rendezvous{{place.reached_at}, transport_->port(), token_, kScalarName<Scalar>, credentials_, config_.run.hosts});
}

template <class Scalar>
void Party<Scalar>::start_workers() {
  const TransportConfig& transport = config_.transport;
  std::vector<std::string> words = {"--join", file_->path().string(), "--address", transport.address};
  if (!transport.ca.empty())
    words.insert(words.end(), {"--ca", transport.ca, "--certificate", transport.certificate, "--key", transport.key,
                               "--name", transport.name});
  for (const HostId rank : others()) workers_.start(rank, words);
}

template <class Scalar>
std::string Party<Scalar>::where(HostId rank) const {
  return std::to_string(rank) + (rank < options_.nodes.size() ? " (on " + options_.nodes[rank] + ")" : "");
}

template <class Scalar>
Gathering Party<Scalar>::gathering(std::vector<HostId> ranks) {
  Gathering all;
  all.ranks = std::move(ranks);
  all.limit = milliseconds_of(config_.transport.join_limit);
  all.remind = [this](const std::vector<HostId>& missing) {
    std::string text = "waits for host";
    for (const HostId rank : missing) text += " " + where(rank);
    say(text + ": start each with settle worker --join " + file_->path().string() + " --rank N");
  };
  all.look = [this] {
    if (StopSignal::requested_of_any())
      throw Error(ExitCode::stopped_early, "stopped while the hosts gathered: the same command goes on from here");
    if (const std::vector<std::string> ended = workers_.ended(); !ended.empty()) throw PeerGone(ended.front());
  };
  return all;
}

template <class Scalar>
std::unique_ptr<Executor<Scalar>> Party<Scalar>::muster(GraphPtr graph, const NodeSettings<Scalar>& settings,
                                                        unsigned threads) {
  for (std::uint32_t lost = 0;; ++lost) {
    try {
      return assemble(graph, settings, threads);
    } catch (const HostsMissing&) {
      throw;
    } catch (const PeerGone& error) {
      if (lost == config_.run.restarts) throw;
      say("lost while the hosts gathered: " + std::string(error.what()));
    }
  }
}

// Returns who can come again.
template <class Scalar>
std::vector<HostId> Party<Scalar>::leave_each_other() {
  const std::vector<HostId> present = transport_->present();
  transport_->summon(Summons::again);
  liveness_.reset();
  transport_.reset();
  for (const HostId rank : others())
    if (std::ranges::find(present, rank) == present.end())
      if (const std::string how = workers_.end(rank, kDyingLimit); !how.empty()) say(how);
  return starts_others() ? others() : present;
}

template <class Scalar>
std::unique_ptr<Executor<Scalar>> Party<Scalar>::assemble(const GraphPtr& graph, const NodeSettings<Scalar>& settings,
                                                          unsigned threads) {
  keep_log(config_.run.directory, 0);
  const bool again = transport_ != nullptr;
  Gathering who = gathering(again ? leave_each_other() : others());
  listen();
  if (starts_others()) {
    start_workers();
  } else if (again) {
    who.limit = kRegroupLimit;
    who.without_missing = true;
  }
  HostTask task;
  const Roll roll = transport_->gather(who, [&](const Roll& all) {
    task = host_task(config_, *graph, static_cast<HostId>(all.size()));
    return encoded(task);
  });
  transport_->await_ready(who);
  hosts_.clear();
  for (const HostCard& card : roll) hosts_.push_back({card.rank, card.machine, card.process});
  CafOptions<Scalar> options;
  options.threads = threads_of(task, threads, roll, 0);
  if (roll.size() > 1) options.role = {0, static_cast<HostId>(roll.size()), task.placement, transport_.get()};
  return make_caf_executor<Scalar>(graph, settings, options);
}

template <class Scalar>
void Party<Scalar>::dismiss() {
  if (transport_ || options_.others != PartyOptions::Others::started_by_launcher) return;
  FileSystem::system().make_directory(config_.run.directory);  // of a run that failed before
  listen();
  Gathering who = gathering(others());
  who.limit = kDismissLimit;
  who.without_missing = true;
  transport_->gather(who, [](const Roll&) { return Bytes(); });
}

template <class Scalar>
Error Party<Scalar>::explained(const Error& error) {
  std::string text = error.what();
  if (transport_ && error.exit_code() == ExitCode::peer_gone) {
    const std::vector<HostId> present = transport_->present();
    for (const HostId rank : others())
      if (std::ranges::find(present, rank) == present.end())
        if (const std::string how = workers_.end(rank, kDyingLimit); !how.empty()) text += "; " + how;
  }
  return {error.exit_code(), text};
}

template class Party<float>;
template class Party<double>;

}  // namespace settle
