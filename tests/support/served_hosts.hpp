// Purpose: several hosts in one process, for tests: messages go through memory or over sockets of this machine; every
// host but 0 serves on a thread of its own. Caller: tests. Thread rule: one owner; transports as Transport says.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/caf/caf_executor.hpp"
#include "actors/caf/gateway_transport.hpp"
#include "graph/random.hpp"

namespace settle::test {

template <class Scalar>
class MemoryNetwork {
 public:
  explicit MemoryNetwork(HostId hosts) {
    for (HostId host = 0; host < hosts; ++host) ends_.push_back(std::make_unique<End>(*this, host));
  }
  Transport<Scalar>& end(HostId host) { return *ends_[host]; }

  // The others hear of it.
  void lose(HostId lost, const std::string& cause) {
    for (HostId host = 0; host < ends_.size(); ++host)
      if (host != lost) lose_for(host, lost, cause);
  }
  // `host` alone hears of it.
  void lose_for(HostId host, HostId lost, const std::string& cause) {
    ends_[host]->deliver([&](Arrivals<Scalar>& arrivals) { arrivals.lost(lost, cause); });
  }

 private:
  class End final : public Transport<Scalar> {
   public:
    End(MemoryNetwork& network, HostId self) : network_(network), self_(self) {}
    void attach(Arrivals<Scalar>* arrivals) override {
      const std::lock_guard lock(mutex_);
      arrivals_ = arrivals;
      if (arrivals)
        for (const auto& delivery : waiting_) delivery(*arrivals);
      waiting_.clear();
    }
    void send(HostId to, VertexId receiver, const Message<Scalar>& message) override {
      network_.ends_[to]->deliver([=](Arrivals<Scalar>& arrivals) { arrivals.message(receiver, message); });
    }
    void control(HostId to, std::uint16_t kind, std::span<const char> content) override {
      network_.ends_[to]->deliver([=, from = self_, bytes = std::vector(content.begin(), content.end())](
                                      Arrivals<Scalar>& arrivals) { arrivals.control(from, kind, bytes); });
    }
    void deliver(std::function<void(Arrivals<Scalar>&)> delivery) {
      const std::lock_guard lock(mutex_);
      if (arrivals_)
        delivery(*arrivals_);
      else
        waiting_.push_back(std::move(delivery));
    }

   private:
    MemoryNetwork& network_;
    HostId self_;
    std::mutex mutex_;
    Arrivals<Scalar>* arrivals_ = nullptr;
    std::vector<std::function<void(Arrivals<Scalar>&)>> waiting_;
  };

  std::vector<std::unique_ptr<End>> ends_;
};

// Hosts that meet over sockets of this machine, and speak TLS.
template <class Scalar>
class SocketNetwork {
 public:
  explicit SocketNetwork(HostId hosts) {
    const auto now = std::chrono::system_clock::now();
    const auto tls = std::make_shared<const TlsContext>(make_run_credentials(now), kRunName, now);
    for (HostId host = 0; host < hosts; ++host) {
      GatewayOptions options;
      options.peer.hello.rank = host;
      options.peer.hello.run = "test";
      options.tls = tls;
      ends_.push_back(std::make_unique<GatewayTransport<Scalar>>(options));
    }
    std::vector<std::jthread> others;
    const HostAddress first{"127.0.0.1", ends_.front()->port()};
    Gathering gathering;
    for (HostId host = 1; host < hosts; ++host) {
      gathering.ranks.push_back(host);
      others.emplace_back([&, host] { ends_[host]->join(first); });
    }
    ends_.front()->gather(gathering, [](const Roll&) { return Bytes(); });
  }
  Transport<Scalar>& end(HostId host) { return *ends_[host]; }
  void cut(HostId host, HostId other, const std::string& reason) { ends_[host]->part(other, reason); }

 private:
  std::vector<std::unique_ptr<GatewayTransport<Scalar>>> ends_;
};

// Host 0's executor over hosts that serve until it ends.
template <class Scalar, template <class> class Network = MemoryNetwork>
class ServedHosts {
 public:
  ServedHosts(const GraphPtr& graph, const NodeSettings<Scalar>& settings, const Placement& placement, HostId hosts,
              unsigned threads, const PartKeeper<Scalar>& keep = nullptr)
      : network_(hosts), failures_(hosts) {
    const auto options = [&](HostId self) {
      return CafOptions<Scalar>{
          .threads = threads, .role = {self, hosts, placement, &network_.end(self)}, .keep = keep};
    };
    for (HostId host = 1; host < hosts; ++host)
      others_.emplace_back([this, graph, settings, host, role = options(host)] {
        try {
          serve_caf_host(graph, settings, role);
        } catch (...) {
          failures_[host] = std::current_exception();
        }
      });
    executor_ = make_caf_executor(graph, settings, options(0));
  }

  Executor<Scalar>& executor() { return *executor_; }
  Network<Scalar>& network() { return network_; }
  // Lets the hosts leave. What each failed of, by host.
  const std::vector<std::exception_ptr>& leave() {
    executor_.reset();
    others_.clear();
    return failures_;
  }

 private:
  Network<Scalar> network_;
  std::vector<std::exception_ptr> failures_;
  std::vector<std::jthread> others_;  // joined before what they use is gone
  std::unique_ptr<Executor<Scalar>> executor_;
};

// Vertices dealt to hosts at random, some hosts staying empty.
inline Placement random_placement(const Graph& graph, HostId hosts, std::uint64_t seed) {
  RandomStream random(seed, "placement", "test");
  Placement placement;
  for (std::size_t k = 0; k < graph.size(); ++k) placement.push_back(static_cast<HostId>(random.below(hosts)));
  return placement;
}

}  // namespace settle::test
