// Purpose: carries everything that goes between this process and the other hosts of its run: messages between vertices
// and control, each side of a connection a Peer (actors/wire). One CAF broker on a thread of its own has all
// connections; free of CAF types, so that the transport stays swappable. A connection opens with `connect` on one side;
// both sides are told `joined`, later `lost` with the cause. Who connects and does not belong here is `refused`,
// whatever it sends, and costs little. Thread rule: any thread, also from within events. Events come one at a time on
// the gateway's own thread, must not block, and have ended when the destructor returns.
#pragma once

#include <map>

#include "actors/wire/peer.hpp"
#include "actors/wire/tls/tls_channel.hpp"

namespace settle {

struct GatewayOptions {
  std::string address = "127.0.0.1";  // where it listens
  std::uint16_t port = 0;             // 0: any that is free
  PeerSettings peer;
  std::shared_ptr<const TlsContext> tls;  // null: plain, for networks where nobody else is
  std::size_t most_strangers = 64;        // connections that have not joined; above, the oldest goes
  std::size_t queue_limit = 8 << 20;      // bytes that wait for one host before `send` says so
  std::chrono::milliseconds connect_limit{10'000};
};

class GatewayEvents {
 public:
  virtual ~GatewayEvents() = default;
  virtual void joined(HostId host) = 0;
  // Also of a host that did not join.
  virtual void lost(HostId host, const std::string& cause) = 0;
  // `connect` found nobody there.
  virtual void unreached(HostId host, const std::string& cause) { lost(host, cause); }
  // `bytes`: to be given to `Gateway::done` once there is room for the next.
  virtual void received(HostId from, VertexMessage message, std::size_t bytes) = 0;
  virtual void received_control(HostId from, std::uint16_t kind, std::span<const char> content) = 0;
  // After `send` has returned false: there is room again.
  virtual void room(HostId) {}
  // A connection from `address` that was not of this run, or that did not join.
  virtual void refused(const std::string& /*address*/, const std::string& /*cause*/) {}
};

class Gateway {
 public:
  // Listens from now on. `events` outlives it. Errors: BadConfig where it cannot listen there.
  Gateway(const GatewayOptions& options, GatewayEvents& events);
  // Says goodbye to everybody. Control that was sent before goes out first, as far as the others take it within a
  // second; messages that wait are dropped.
  ~Gateway();

  std::uint16_t port() const noexcept;
  // Opens a connection to the gateway of `host`. Of two hosts one does.
  void connect(HostId host, const std::string& address, std::uint16_t port);
  // New connections are refused by the system from now on; those that are go on.
  void stop_listening();

  // In order for each host; dropped where it has not joined or is lost. False where more than queue_limit waits for it
  // now: then the sender should wait for `room`.
  bool send(HostId host, VertexMessage message);
  // In order among control, overtaking messages. Errors: InternalFault above kControlBytes.
  void send_control(HostId host, std::uint16_t kind, std::span<const char> content);
  void done(HostId host, std::size_t bytes);
  // Ends the connection, with a reason that both sides are told.
  void part(HostId host, const std::string& reason);

  // Of the hosts that have joined, a moment ago.
  std::map<HostId, PeerCounters> counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace settle
