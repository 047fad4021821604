#include "actors/caf/gateway.hpp"

#include <list>
#include <thread>

#include "actors/caf/gateway_broker.hpp"
#include "actors/caf/tcp_connect.hpp"

namespace settle {
namespace {

// The broker does all: CAF's scheduler has nothing to do here.
class GatewayConfig final : public caf::actor_system_config {
 public:
  GatewayConfig() {
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.policy", caf::atom("sharing"));  // waits; CAF's default looks around all the time
    load<caf::io::middleman>();
  }
};

caf::actor spawn_broker(caf::actor_system& system, GatewayShared& shared, std::promise<std::uint16_t>& listening) {
  caf::actor_config config{&system.middleman().backend()};
  return system.spawn_class<GatewayBroker, caf::no_spawn_options>(config, &shared, &listening);
}

}  // namespace

struct Gateway::Parts {
  Parts(const GatewayOptions& options, GatewayEvents& events) : shared(options, events), system(config) {
    std::promise<std::uint16_t> listening;
    broker = spawn_broker(system, shared, listening);
    port = listening.get_future().get();
  }
  ~Parts() {
    connecting.clear();
    put(EndAll());
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void put(GatewayOrder order) {
    if (shared.inbox.put(std::move(order))) wake();
  }
  void wake() { caf::anon_send(broker, GatewayWake()); }

  GatewayConfig config;
  GatewayShared shared;
  caf::actor_system system;  // its end waits for the broker's
  caf::actor broker;
  std::uint16_t port = 0;
  std::mutex mutex;
  std::list<std::jthread> connecting;  // under mutex
};

Gateway::Gateway(const GatewayOptions& options, GatewayEvents& events)
    : parts_(std::make_unique<Parts>(options, events)) {}

Gateway::~Gateway() = default;

std::uint16_t Gateway::port() const noexcept { return parts_->port; }

void Gateway::connect(HostId host, const std::string& address, std::uint16_t port) {
  const auto limit = parts_->shared.options.connect_limit;
  const std::lock_guard lock(parts_->mutex);
  parts_->connecting.emplace_back([=, parts = parts_.get()](const std::stop_token& stop) {
    Reached reached{host, address, {}, {}};
    try {
      reached.socket = tcp_connect(address, port, limit, stop);
    } catch (const PeerGone& error) {
      reached.failure = error.what();
    }
    parts->put(std::move(reached));
  });
}

void Gateway::stop_listening() { parts_->put(StopListening()); }

bool Gateway::send(HostId host, VertexMessage message) {
  const auto [wake, room] = parts_->shared.inbox.put(SendMessage{host, std::move(message)});
  if (wake) parts_->wake();
  return room;
}

void Gateway::send_control(HostId host, std::uint16_t kind, std::span<const char> content) {
  if (content.size() > kControlBytes)
    throw InternalFault("a control message of " + std::to_string(content.size()) + " bytes, more than a frame holds");
  parts_->put(SendControl{host, kind, Bytes(content.begin(), content.end())});
}

void Gateway::done(HostId host, std::size_t bytes) { parts_->put(MessageDone{host, bytes}); }

void Gateway::part(HostId host, const std::string& reason) { parts_->put(Part{host, reason}); }

std::map<HostId, PeerCounters> Gateway::counters() const {
  const std::lock_guard lock(parts_->shared.mutex);
  return parts_->shared.counters;
}

}  // namespace settle
