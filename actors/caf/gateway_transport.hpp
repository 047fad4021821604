// Purpose: the hosts of a run meet, each pair over one connection of their gateways, and from then on the gateway is
// their Transport. Host 0 is where the others know it to be; it tells each who is there and what to do:
//   host k -> 0  here       its card (hosts/roll.hpp)
//   0 -> host k  roll       the cards of all, once each is here, and the task; k then connects to those before it
//   host k -> 0  connected  k has a connection to every host
//   0 -> host k  all_in     everybody has: nobody listens any more
//   host k -> 0  ready      k can begin, or what it failed of
//   host k -> 0  cut_off    k cannot reach another one
//   0 -> host k  again      the run goes on with other hosts: leave, and come anew
//   0 -> host k  over       the run has ended
// Connections are by rank; what an executor sees are places in the roll.
// Thread rule: `gather` or `join` once, by one thread; the rest as Transport.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "actors/caf/gateway.hpp"
#include "actors/hosts/control.hpp"
#include "actors/hosts/roll.hpp"
#include "actors/transport.hpp"

namespace settle {

// What host 0 wants of another one.
enum class Summons { serve, again, over };

struct Invitation {
  std::string unreached;  // why nobody was found where host 0 should be; empty: it was
  Summons summons = Summons::serve;
  Roll roll;        // of `serve`, like all below
  HostId self = 0;  // this host's place in it
  Bytes task;
};

struct Gathering {
  std::vector<HostId> ranks;  // who is expected beside host 0, in order
  std::chrono::milliseconds limit{600'000};
  bool without_missing = false;  // when the time is over, go on with those who are here
  std::chrono::milliseconds remind_after{60'000};
  // Called once that time is over with the ranks that have not come.
  std::function<void(const std::vector<HostId>& missing)> remind = nullptr;
  // Called ten times a second; may throw to give up.
  std::function<void()> look = nullptr;
};

template <class Scalar>
class GatewayTransport final : public Transport<Scalar>, private GatewayEvents {
 public:
  // Listens from now on. `options.peer.hello.rank` is this host's. `reached_at`: as what others reach
  // options.address; empty: as that. Errors: as Gateway.
  explicit GatewayTransport(const GatewayOptions& options, const std::string& reached_at = "");

  std::uint16_t port() const noexcept { return gateway_.port(); }

  // Of host 0. Returns when every host has a connection to every other. `task`: what all are told.
  // Errors: HostsMissing naming who has not come; PeerGone naming who was lost meanwhile, and why.
  Roll gather(const Gathering& gathering, const std::function<Bytes(const Roll&)>& task);
  // Of host 0, after `gather`: waits until every host can begin. Errors: what one failed of; PeerGone as above.
  void await_ready(const Gathering& gathering);
  // Of every other host. Errors: PeerGone where host 0 does not let it join, or is lost.
  Invitation join(const HostAddress& first);
  // Of every other host, after `join`: it can begin, or what it failed of.
  void say_ready(const std::optional<Failure>& failure);
  // Of every other host, when it has served: again or over. Errors: PeerGone where host 0 is lost.
  Summons next_summons();
  // Of host 0: what the others are to do instead of serving. Requires: not `serve`.
  void summon(Summons summons);

  // Ends the connection to that rank, with a reason that both sides are told: each is lost to the other.
  void part(HostId rank, const std::string& reason) { gateway_.part(rank, reason); }

  std::map<HostId, PeerCounters> counters_by_rank() const { return gateway_.counters(); }
  // The ranks of those who have been here and still are, without this one.
  std::vector<HostId> present() const;

  void attach(Arrivals<Scalar>* arrivals) override;
  void send(HostId to, VertexId receiver, const Message<Scalar>& message) override;
  void control(HostId to, std::uint16_t kind, std::span<const char> content) override;
  std::map<HostId, PeerCounters> counters() const override;

 private:
  // Beside those of the executor (hosts/control.hpp).
  enum MeetingKind : std::uint16_t { piece = 0, here = 0x100, roll, connected, all_in, ready, cut_off, again, over };

  void joined(HostId rank) override;
  void lost(HostId rank, const std::string& cause) override;
  void unreached(HostId rank, const std::string& cause) override;
  void received(HostId from, VertexMessage message, std::size_t bytes) override;
  void received_control(HostId from, std::uint16_t kind, std::span<const char> content) override;

  void take_meeting(HostId from, std::uint16_t kind, std::span<const char> content);
  void send_whole(HostId rank, std::uint16_t kind, std::span<const char> content);
  void tell_all(MeetingKind kind, const Bytes& content);
  void deliver(std::function<void(Arrivals<Scalar>&)> delivery);
  std::string name(HostId rank) const;
  std::optional<HostId> place_of(HostId rank) const;
  template <class Condition>
  bool wait_on(const Gathering& gathering, std::chrono::steady_clock::time_point until, Condition condition);

  const HostId self_;  // rank
  HostCard card_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<HostId, bool> joined_;     // by rank; false: lost again
  std::map<HostId, HostCard> cards_;  // by rank, of host 0
  Roll roll_;                         // constant once it is there
  Bytes task_;
  std::vector<HostId> connected_;
  std::map<HostId, std::optional<Failure>> ready_;  // by rank
  bool complete_ = false;
  std::optional<Summons> summons_;
  std::string lost_;       // why nobody can meet any more
  std::string unreached_;  // why host 0 was not
  Arrivals<Scalar>* arrivals_ = nullptr;
  std::vector<std::function<void(Arrivals<Scalar>&)>> waiting_;
  std::map<HostId, Bytes> pieces_;  // by rank: the beginning of a long control message
  Gateway gateway_;                 // last: its events end first
};

}  // namespace settle
