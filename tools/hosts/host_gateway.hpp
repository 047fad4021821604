// Purpose: how a host of a run listens and what it says of itself. Thread rule: any thread.
#pragma once

#include <memory>

#include "actors/caf/gateway.hpp"
#include "actors/hosts/liveness.hpp"
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

// What ends a connection to a host that counts as lost.
inline constexpr const char* kUnheard = "it was not heard of for transport.dead_after";
LivenessSettings liveness_settings(const TransportConfig& transport);
std::map<HostId, WireTime> last_heard(const std::map<HostId, PeerCounters>& counters);

}  // namespace settle
