// Purpose: how a host of a run listens and what it says of itself. Thread rule: any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/caf/gateway.hpp"
#include "actors/hosts/liveness_watch.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

struct ListenAddress {
  std::string listen;
  std::string reached_at;  // by other machines
};

// Of transport.address: an address as it is; of a network interface its IPv4 address; auto: all of this machine's, and
// others know it by its name. Errors: BadConfig for an interface without one.
ListenAddress listen_address(const std::string& text);

struct HostIdentity {
  HostId rank = 0;
  std::string token;
  std::string scalar;
};

// Listens where transport.address says, at any free port. `tls`: null for plain.
GatewayOptions host_gateway(const TransportConfig& transport, const HostIdentity& identity,
                            std::shared_ptr<const TlsContext> tls);

std::chrono::milliseconds milliseconds_of(double seconds);

// Says which hosts are silent, and parts with those that are dead. `counters` and `part`: of the gateway. `only`: the
// one that is watched.
std::unique_ptr<LivenessWatch> watch_liveness(const TransportConfig& transport,
                                              std::function<std::map<HostId, PeerCounters>()> counters,
                                              std::function<void(HostId, const std::string&)> part,
                                              std::optional<HostId> only = std::nullopt);

}  // namespace settle
