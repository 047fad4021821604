// Purpose: host 0's side of a run over several processes: it listens, says where (sim/launch/rendezvous.hpp), gathers
// the others, tells them their task and makes an executor over all of them. When a host is lost that executor is of no
// more use; the next one gathers anew: with a new process in the place of the lost one where this process has started
// the others, else with those who are left. Its end lets the others leave.
// Caller: the session, through ExecutorFactory. Thread rule: one caller.
#pragma once

#include <memory>
#include <optional>

#include "actors/caf/caf_executor.hpp"
#include "actors/caf/gateway_transport.hpp"
#include "actors/hosts/liveness_watch.hpp"
#include "sim/config/run_config.hpp"
#include "sim/launch/rendezvous.hpp"
#include "sim/watch/status_board.hpp"
#include "tools/hosts/worker_processes.hpp"

namespace settle {

struct PartyOptions {
  enum class Others { started_here, started_by_launcher, started_by_hand };

  Others others = Others::started_by_hand;
  std::string job;                 // Rank::job
  std::vector<std::string> nodes;  // by rank, where the launcher says so
};

template <class Scalar>
class Party {
 public:
  // Requires: `config` outlives it, config.run.hosts > 1.
  Party(const RunConfig& config, PartyOptions options);
  ~Party();
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  // Requires: the run directory is this process's; executors made before are gone. Errors: PeerGone where hosts do not
  // come, or are lost again and again; what a host failed of; with exit code 75 where a signal to stop came meanwhile.
  std::unique_ptr<Executor<Scalar>> muster(GraphPtr graph, const NodeSettings<Scalar>& settings, unsigned threads);

  // Of the executor that `muster` has made last, by HostId.
  const std::vector<HostProcess>& hosts() const noexcept { return hosts_; }

  // Lets the others leave where a launcher started them and `muster` was never called: the run is complete already, or
  // failed before. Errors: as muster.
  void dismiss();

  // The same error, and how those processes ended that this one has started and that are lost.
  Error explained(const Error& error);

 private:
  using Transport = GatewayTransport<Scalar>;
  std::unique_ptr<Executor<Scalar>> assemble(const GraphPtr& graph, const NodeSettings<Scalar>& settings,
                                             unsigned threads);
  std::vector<HostId> others() const;
  bool starts_others() const { return options_.others == PartyOptions::Others::started_here; }
  std::vector<HostId> leave_each_other();
  void listen();
  void start_workers();
  Gathering gathering(std::vector<HostId> ranks);
  std::string where(HostId rank) const;

  const RunConfig& config_;
  PartyOptions options_;
  std::string token_;
  Credentials credentials_;  // of the run's own making; empty: plain, or the user's own
  std::shared_ptr<const TlsContext> tls_;
  WorkerProcesses workers_;
  std::vector<HostProcess> hosts_;
  std::unique_ptr<Transport> transport_;
  std::optional<RendezvousFile> file_;
  std::unique_ptr<LivenessWatch> liveness_;  // last: it looks at the transport
};

}  // namespace settle
