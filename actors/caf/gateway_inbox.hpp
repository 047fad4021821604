// Purpose: what other threads want of the gateway's broker, in order, and how much waits for each host. A broker that
// has been woken takes everything at once, so that what piles up while it is busy goes out together. Thread rule: any
// thread; `take` and `waits` are the broker's.
#pragma once

#include <map>
#include <mutex>
#include <variant>
#include <vector>

#include "actors/caf/gateway.hpp"
#include "actors/descriptor.hpp"

namespace settle {

struct SendMessage {
  HostId host;
  VertexMessage message;
};
struct SendControl {
  HostId host;
  std::uint16_t kind;
  Bytes content;
};
struct MessageDone {
  HostId host;
  std::size_t bytes;
};
struct Reached {
  HostId host;
  std::string address;
  Descriptor socket;
  std::string failure;  // where there is none
};
struct Part {
  HostId host;
  std::string reason;
};
struct StopListening {};
struct EndAll {};

using GatewayOrder = std::variant<SendMessage, SendControl, MessageDone, Reached, Part, StopListening, EndAll>;

class GatewayInbox {
 public:
  explicit GatewayInbox(std::size_t limit) : limit_(limit) {}

  // True where the broker has to be woken.
  bool put(GatewayOrder order) {
    const std::lock_guard lock(mutex_);
    return append(std::move(order));
  }

  struct Sent {
    bool wake;
    bool room;  // is left
  };
  Sent put(SendMessage order) {
    const std::lock_guard lock(mutex_);
    Backlog& backlog = backlogs_[order.host];
    backlog.here += wire_bytes(order.message);
    const bool room = backlog.here + backlog.there <= limit_;
    if (!room) backlog.held = true;
    return {append(std::move(order)), room};
  }

  // Everything that was put since, into `orders`.
  void take(std::vector<GatewayOrder>& orders) {
    orders.clear();
    const std::lock_guard lock(mutex_);
    awake_ = false;
    orders.swap(orders_);
    for (auto& [host, backlog] : backlogs_) backlog.there += std::exchange(backlog.here, 0);
  }

  // `bytes`: that wait for the host in its Peer. True where a sender was told that there is no room, and there is.
  bool waits(HostId host, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto found = backlogs_.find(host);
    if (found == backlogs_.end()) return false;
    Backlog& backlog = found->second;
    backlog.there = bytes;
    return backlog.here + backlog.there <= limit_ / 2 && std::exchange(backlog.held, false);
  }

 private:
  struct Backlog {
    std::size_t here = 0;   // in orders_
    std::size_t there = 0;  // taken
    bool held = false;
  };

  bool append(GatewayOrder order) {
    orders_.push_back(std::move(order));
    return !std::exchange(awake_, true);
  }

  std::mutex mutex_;
  std::size_t limit_;
  bool awake_ = false;
  std::vector<GatewayOrder> orders_;
  std::map<HostId, Backlog> backlogs_;
};

}  // namespace settle
