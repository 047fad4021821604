// Purpose: the hosts of a run meet, each pair over one connection of their gateways, and from then on the gateway is
// their Transport. Host 0 is where the others know it to be; it tells each the addresses of all:
//   host k -> 0  here      the address and port at which k listens
//   0 -> host k  roll      those of all hosts, once each has said where it is; k then connects to hosts 1 .. k-1
//   host k -> 0  connected k has a connection to every host
//   0 -> host k  all_in    everybody has: nobody listens any more
// Thread rule: `meet` once, by one thread; the rest as Transport.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "actors/caf/gateway.hpp"
#include "actors/hosts/coding.hpp"
#include "actors/transport.hpp"

namespace settle {

struct HostAddress {
  std::string address;
  std::uint16_t port = 0;
};
void code(auto& coder, HostAddress& it) { coder(it.address, it.port); }

template <class Scalar>
class GatewayTransport final : public Transport<Scalar>, private GatewayEvents {
 public:
  // Listens from now on. `options.peer.hello.rank` is this host's. Errors: as Gateway.
  GatewayTransport(const GatewayOptions& options, HostId hosts);

  std::uint16_t port() const noexcept { return gateway_.port(); }

  struct Patience {
    std::chrono::milliseconds limit{600'000};
    std::chrono::milliseconds remind_after{60'000};
    // Called once that time is over with the hosts that have not come; of host 0 only.
    std::function<void(const std::vector<HostId>& missing)> remind = nullptr;
  };
  // Returns when every host has a connection to every other. `first`: where host 0 is; of no meaning on it.
  // Errors: PeerGone naming who has not come, or was lost meanwhile, and why.
  void meet(const HostAddress& first, const Patience& patience);

  // Ends the connection to that host, with a reason that both sides are told: each is lost to the other.
  void part(HostId host, const std::string& reason) { gateway_.part(host, reason); }

  std::map<HostId, PeerCounters> counters() const { return gateway_.counters(); }

  void attach(Arrivals<Scalar>* arrivals) override;
  void send(HostId to, VertexId receiver, const Message<Scalar>& message) override;
  void control(HostId to, std::uint16_t kind, std::span<const char> content) override;

 private:
  // Beside those of the executor (hosts/control.hpp).
  enum MeetingKind : std::uint16_t { piece = 0, here = 0x100, roll, connected, all_in };

  void joined(HostId host) override;
  void lost(HostId host, const std::string& cause) override;
  void received(HostId from, VertexMessage message, std::size_t bytes) override;
  void received_control(HostId from, std::uint16_t kind, std::span<const char> content) override;

  void take_meeting(HostId from, std::uint16_t kind, std::span<const char> content);
  void tell_all(MeetingKind kind, const Bytes& content);
  void deliver(std::function<void(Arrivals<Scalar>&)> delivery);
  std::vector<HostId> missing() const;
  template <class Condition>
  void wait_until(Condition condition, const Patience& patience);

  const HostId self_;
  const HostId hosts_;
  const std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<char> is_joined_;  // by host
  std::vector<std::optional<HostAddress>> addresses_;
  std::size_t connected_ = 0;
  bool all_in_ = false;
  std::string lost_;  // why nobody can meet any more
  Arrivals<Scalar>* arrivals_ = nullptr;
  std::vector<std::function<void(Arrivals<Scalar>&)>> waiting_;
  std::vector<Bytes> pieces_;  // by host: the beginning of a long control message
  Gateway gateway_;            // last: its events end first
};

}  // namespace settle
