// Purpose: a host of a run in tests: its gateway, what has come to it, and waits that end with what is waited for.
// Thread rule: the test's thread; events come from the gateway's.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "actors/caf/gateway.hpp"
#include "tests/actors/wire/messages.hpp"
#include "tests/actors/wire/peers.hpp"

namespace settle {

inline GatewayOptions test_options(HostId rank, std::shared_ptr<const TlsContext> tls = nullptr) {
  GatewayOptions options;
  options.peer = test_settings(rank);
  options.tls = std::move(tls);
  return options;
}

inline std::shared_ptr<const TlsContext> run_tls() {
  const auto now = std::chrono::system_clock::now();
  static const Credentials run = make_run_credentials(now);
  return std::make_shared<const TlsContext>(run, kRunName, now);
}

class TestHost final : public GatewayEvents {
 public:
  explicit TestHost(const GatewayOptions& options) : gateway(options, *this) {}

  void connect_to(HostId rank, const TestHost& other) { gateway.connect(rank, "127.0.0.1", other.gateway.port()); }
  // False where it did not come to be, long after it should have. Counters change without an event: it looks again.
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    for (int look = 0; look < 6000; ++look)
      if (changed_.wait_for(lock, std::chrono::milliseconds(10), condition)) return true;
    return false;
  }
  bool wait_for_join(HostId rank) {
    return wait([&] { return std::ranges::find(hosts, rank) != hosts.end(); });
  }
  bool wait_for_messages(std::size_t count) {
    return wait([&] { return messages.size() >= count; });
  }
  void forget_messages() {
    change([&] { messages.clear(); });
  }

  void joined(HostId rank) override {
    change([&] { hosts.push_back(rank); });
  }
  void lost(HostId rank, const std::string& cause) override {
    change([&] { losses.emplace_back(rank, cause); });
  }
  void received(HostId from, VertexMessage message, std::size_t bytes) override {
    if (takes) gateway.done(from, bytes);
    change([&] { messages.push_back(std::move(message)); });
  }
  void received_control(HostId, std::uint16_t kind, std::span<const char> content) override {
    change([&] { controls.emplace_back(kind, std::string(content.begin(), content.end())); });
  }
  void room(HostId) override {
    change([&] { ++rooms; });
  }
  void refused(const std::string&, const std::string& cause) override {
    change([&] { refusals.push_back(cause); });
  }

  // Read within `wait`, or when nothing comes any more.
  std::vector<HostId> hosts;
  std::vector<std::pair<HostId, std::string>> losses;
  std::vector<VertexMessage> messages;
  std::vector<std::pair<std::uint16_t, std::string>> controls;
  std::vector<std::string> refusals;
  int rooms = 0;
  std::atomic<bool> takes = true;  // gives credit for what comes

 private:
  template <class Change>
  void change(Change what) {
    const std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;

 public:
  Gateway gateway;  // last: its thread uses all of the above
};

// Host 0 and host 1, joined.
struct TwoHosts {
  explicit TwoHosts(const std::shared_ptr<const TlsContext>& tls, std::uint64_t window = std::uint64_t{8} << 20)
      : TwoHosts(test_options(0, tls), test_options(1, tls), window) {}
  TwoHosts(GatewayOptions a, GatewayOptions b, std::uint64_t window)
      : first(a), second((b.peer.hello.window = window, b)) {
    first.connect_to(1, second);
    REQUIRE(first.wait_for_join(1));
    REQUIRE(second.wait_for_join(0));
  }
  TestHost first;
  TestHost second;
};

}  // namespace settle
