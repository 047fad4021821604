// Purpose: the gateway's broker: the sockets of all connections, and between each and its Peer the bytes. Everything
// about what is sent is in Peer; here is when it is sent and when a connection ends. Thread rule: CAF's multiplexer
// thread; GatewayShared as said there.
#pragma once

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <future>
#include <unordered_map>

#include "actors/caf/gateway_inbox.hpp"

namespace settle {

struct GatewayWake {};
struct GatewayTick {};

// What the broker shares with the Gateway.
struct GatewayShared {
  GatewayShared(const GatewayOptions& settings, GatewayEvents& listener)
      : options(settings), events(listener), inbox(settings.queue_limit) {}

  const GatewayOptions options;
  GatewayEvents& events;  // the broker's
  GatewayInbox inbox;
  std::mutex mutex;
  std::map<HostId, PeerCounters> counters;  // under mutex
};

class GatewayBroker final : public caf::io::broker {
 public:
  // `listening`: gets the port, or why there is none.
  GatewayBroker(caf::actor_config& config, GatewayShared* shared, std::promise<std::uint16_t>* listening);
  ~GatewayBroker() override;

 protected:
  caf::behavior make_behavior() override;

 private:
  using Handle = caf::io::connection_handle;
  struct Connection;

  bool listen();  // false where it cannot
  void open(Handle handle, PeerRole role, const std::string& address, std::optional<HostId> expected);
  void make_room_for_stranger();
  void take_orders();
  void obey(SendMessage& order);
  void obey(SendControl& order);
  void obey(MessageDone& order);
  void obey(Reached& order);
  void obey(Part& order);
  void obey(StopListening& order);
  void obey(EndAll& order);
  Connection* of_host(HostId host);
  void pump(Connection& connection);  // may destroy it, if it is lost
  void report(Connection& connection);
  void drop(Handle handle);
  void forget(Handle handle);
  void tick_all();

  GatewayShared& shared_;
  std::unordered_map<Handle, std::unique_ptr<Connection>> connections_;
  std::map<HostId, Connection*> joined_;
  std::vector<GatewayOrder> orders_;
  caf::io::accept_handle listener_;
  std::promise<std::uint16_t>* listening_;  // until it has been set
  std::uint64_t opened_ = 0;
  bool ending_ = false;
};

}  // namespace settle

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::GatewayWake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::GatewayTick)
