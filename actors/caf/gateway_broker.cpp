#include <sys/socket.h>

#include "actors/caf/gateway_connection.hpp"

namespace settle {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostUnsent = 512 << 10;  // in CAF's hands, so that what is urgent waits for no more
constexpr std::size_t kReadOfStrangers = 4 << 10;
constexpr auto kTick = 100ms;
constexpr auto kGoodbye = 1s;  // for what is unsent when a connection ends

WireTime present() { return std::chrono::steady_clock::now(); }

}  // namespace

GatewayBroker::GatewayBroker(caf::actor_config& config, GatewayShared* shared, std::promise<std::uint16_t>* listening)
    : caf::io::broker(config), shared_(*shared), listening_(listening) {}

GatewayBroker::~GatewayBroker() = default;

caf::behavior GatewayBroker::make_behavior() {
  if (!listen()) {
    quit();
    return {};
  }
  delayed_send(this, kTick, GatewayTick());
  return {
      [this](const caf::io::new_connection_msg& message) {
        make_room_for_stranger();
        open(message.handle, PeerRole::accepted, remote_addr(message.handle), std::nullopt);
      },
      [this](const caf::io::new_data_msg& message) {
        const auto found = connections_.find(message.handle);
        if (found == connections_.end()) return;
        Connection& connection = *found->second;
        connection.peer.receive(message.buf, present(), connection);
        if (connection.twice)
          connection.peer.leave("host " + std::to_string(connection.peer.rank()) + " has joined already");
        pump(connection);
      },
      [this](const caf::io::data_transferred_msg& message) {
        const auto found = connections_.find(message.handle);
        if (found == connections_.end()) return;
        found->second->unsent = message.remaining;
        pump(*found->second);
      },
      [this](const caf::io::connection_closed_msg& message) {
        const auto found = connections_.find(message.handle);
        if (found == connections_.end()) return;
        found->second->peer.disconnected();
        report(*found->second);
        forget(message.handle);
      },
      [](const caf::io::acceptor_closed_msg&) {},
      [this](GatewayWake) { take_orders(); },
      [this](GatewayTick) {
        tick_all();
        delayed_send(this, kTick, GatewayTick());
      },
  };
}

bool GatewayBroker::listen() {
  const GatewayOptions& options = shared_.options;
  const auto bound = add_tcp_doorman(options.port, options.address.c_str(), true);
  if (!bound) {
    const std::string place = options.address + ":" + std::to_string(options.port);
    listening_->set_exception(std::make_exception_ptr(
        BadConfig(place + ": cannot listen there: not an address of this machine, or another program's port")));
    return false;
  }
  listener_ = bound->first;
  listening_->set_value(bound->second);
  return true;
}

void GatewayBroker::open(Handle handle, PeerRole role, const std::string& address, std::optional<HostId> expected) {
  configure_read(handle, caf::io::receive_policy::at_most(kReadOfStrangers));
  ack_writes(handle, true);
  auto connection = std::make_unique<Connection>(*this, handle, role, address, expected);
  Connection& opened = *connection;
  connections_.insert_or_assign(handle, std::move(connection));
  pump(opened);
}

// Strangers cannot use up the process's descriptors.
void GatewayBroker::make_room_for_stranger() {
  std::size_t strangers = 0;
  Connection* oldest = nullptr;
  for (const auto& [handle, connection] : connections_) {
    if (!connection->stranger()) continue;
    ++strangers;
    if (oldest == nullptr || connection->number < oldest->number) oldest = connection.get();
  }
  if (strangers < shared_.options.most_strangers || oldest == nullptr) return;
  oldest->peer.leave("too many connections have not joined");
  report(*oldest);
  drop(oldest->handle);
}

void GatewayBroker::pump(Connection& connection) {
  Peer& peer = connection.peer;
  if (connection.unsent < kMostUnsent) {
    Bytes& line = wr_buf(connection.handle);
    const std::size_t before = line.size();
    peer.produce(line, kMostUnsent - connection.unsent, present());
    connection.unsent += line.size() - before;
    if (line.size() > before) flush(connection.handle);
  }
  if (peer.state() == PeerState::lost) {
    report(connection);
    if (connection.unsent == 0) drop(connection.handle);
  } else if (connection.host && shared_.inbox.waits(*connection.host, peer.counters().queued_bytes)) {
    shared_.events.room(*connection.host);
  }
}

// Tells who has to know that it is lost, once. Its goodbye may be under way.
void GatewayBroker::report(Connection& connection) {
  if (connection.end_by) return;
  connection.end_by = present() + kGoodbye;
  const std::string& cause = connection.peer.cause();
  if (connection.host) {
    joined_.erase(*connection.host);
    shared_.inbox.waits(*connection.host, 0);
  }
  if (connection.host || connection.expected)
    shared_.events.lost(connection.host.value_or(connection.expected.value_or(0)), cause);
  else
    shared_.events.refused(connection.address, cause);
}

// Shut down first: for a peer that does not read, CAF would wait for ever.
void GatewayBroker::drop(Handle handle) {
  ::shutdown(static_cast<int>(handle.id()), SHUT_RDWR);
  close(handle);
  forget(handle);
}

void GatewayBroker::forget(Handle handle) {
  connections_.erase(handle);
  if (ending_ && connections_.empty()) quit();
}

void GatewayBroker::take_orders() {
  shared_.inbox.take(orders_);
  for (GatewayOrder& order : orders_) std::visit([this](auto& one) { obey(one); }, order);
  orders_.clear();
  // A pump may take its connection out of joined_.
  for (auto next = joined_.begin(); next != joined_.end();) pump(*(next++)->second);
}

GatewayBroker::Connection* GatewayBroker::of_host(HostId host) {
  const auto found = joined_.find(host);
  return found == joined_.end() ? nullptr : found->second;
}

void GatewayBroker::obey(SendMessage& order) {
  if (Connection* const connection = of_host(order.host))
    connection->peer.send(std::move(order.message));
  else
    shared_.inbox.waits(order.host, 0);
}

void GatewayBroker::obey(SendControl& order) {
  if (Connection* const connection = of_host(order.host)) connection->peer.send_control(order.kind, order.content);
}

void GatewayBroker::obey(MessageDone& order) {
  if (Connection* const connection = of_host(order.host)) connection->peer.done(order.bytes);
}

void GatewayBroker::obey(Reached& order) {
  if (!order.failure.empty()) return shared_.events.unreached(order.host, order.failure);
  open(add_scribe(order.socket.release()), PeerRole::connected, order.address, order.host);
}

void GatewayBroker::obey(Part& order) {
  if (Connection* const connection = of_host(order.host)) connection->peer.leave(order.reason);
}

void GatewayBroker::obey(StopListening&) {
  if (valid(listener_)) close(listener_);
}

void GatewayBroker::obey(EndAll&) {
  if (valid(listener_)) close(listener_);
  ending_ = true;
  if (connections_.empty()) return quit();
  for (const auto& [handle, connection] : connections_) connection->peer.leave("it has ended");
  tick_all();
}

void GatewayBroker::tick_all() {
  const WireTime time = present();
  for (auto next = connections_.begin(); next != connections_.end();) {
    Connection& connection = *(next++)->second;
    connection.peer.tick(time);
    if (connection.end_by && time > *connection.end_by)
      drop(connection.handle);
    else if (connection.unsent == 0)
      pump(connection);
  }
  std::map<HostId, PeerCounters> counters;
  for (const auto& [host, connection] : joined_) counters.emplace(host, connection->peer.counters());
  const std::lock_guard lock(shared_.mutex);
  shared_.counters = std::move(counters);
}

}  // namespace settle
