// Purpose: one connection of the gateway's broker: whose it is, and what its Peer has to say of it to the gateway.
// Caller: gateway_broker.cpp alone. Thread rule: as the broker.
#pragma once

#include "actors/caf/gateway_broker.hpp"

namespace settle {

struct GatewayBroker::Connection final : PeerEvents {
  static constexpr std::size_t kReadOfHosts = 128 << 10;  // at once

  Connection(GatewayBroker& owner, Handle its_handle, PeerRole role, std::string its_address,
             std::optional<HostId> expected_host)
      : broker(owner),
        handle(its_handle),
        address(std::move(its_address)),
        expected(expected_host),
        number(owner.opened_++),
        peer(owner.shared_.options.peer, role,
             owner.shared_.options.tls ? owner.shared_.options.tls->open(role) : std::make_unique<PlainChannel>(),
             std::chrono::steady_clock::now(), expected_host) {}

  bool stranger() const { return !host && !expected; }

  void joined(const Hello& other) override {
    if (!broker.joined_.emplace(other.rank, this).second) {
      twice = true;
      return;
    }
    host = other.rank;
    broker.configure_read(handle, caf::io::receive_policy::at_most(kReadOfHosts));
    broker.shared_.events.joined(*host);
  }
  void received(VertexMessage message, std::size_t bytes) override {
    if (host) broker.shared_.events.received(*host, std::move(message), bytes);
  }
  void received_control(std::uint16_t kind, std::span<const char> content) override {
    if (host) broker.shared_.events.received_control(*host, kind, content);
  }

  GatewayBroker& broker;
  Handle handle;
  std::string address;
  std::optional<HostId> expected;  // that this side connected to
  std::optional<HostId> host;      // that has joined
  bool twice = false;              // a host that has joined already
  std::uint64_t number;            // in the order of opening
  std::size_t unsent = 0;
  std::optional<WireTime> end_by;  // reported; only its goodbye is still under way
  Peer peer;
};

}  // namespace settle
