// Hosts that belong together find each other over real sockets, and are told when one is lost and why.
#include <doctest/doctest.h>

#include <numeric>

#include "tests/actors/caf/test_host.hpp"

using namespace settle;
using namespace std::chrono_literals;

namespace {

VertexMessage tensor_of(VertexId to, std::int64_t count) { return full_message<float>(to, counted<float>({count})); }

}  // namespace

TEST_CASE("messages and control go both ways between two hosts, to the bit, plain and encrypted") {
  for (const auto& tls : {std::shared_ptr<const TlsContext>(), run_tls()}) {
    TwoHosts hosts(tls);
    std::vector<VertexMessage> sent;
    for (const std::int64_t count : {1, 0, 300, 12'289, 500'000, 2}) sent.push_back(tensor_of(7, count));
    for (const VertexMessage& message : sent) {
      hosts.first.gateway.send(1, message);
      hosts.second.gateway.send(0, message);
    }
    hosts.first.gateway.send_control(1, 4, std::string_view("begin"));
    REQUIRE(hosts.first.wait_for_messages(sent.size()));
    REQUIRE(hosts.second.wait_for_messages(sent.size()));
    for (std::size_t i = 0; i < sent.size(); ++i) {
      check_same(hosts.first.messages[i], sent[i]);
      check_same(hosts.second.messages[i], sent[i]);
    }
    REQUIRE(hosts.second.wait([&] { return hosts.second.controls.size() == 1; }));
    CHECK(hosts.second.controls[0] == std::pair<std::uint16_t, std::string>(4, "begin"));
  }
}

TEST_CASE("a mesh of five hosts joins whole") {
  std::vector<std::unique_ptr<TestHost>> hosts;
  for (HostId rank = 0; rank < 5; ++rank) hosts.push_back(std::make_unique<TestHost>(test_options(rank, run_tls())));
  for (HostId rank = 1; rank < 5; ++rank)
    for (HostId lower = 0; lower < rank; ++lower) hosts[rank]->connect_to(lower, *hosts[lower]);
  for (HostId rank = 0; rank < 5; ++rank)
    for (HostId other = 0; other < 5; ++other)
      if (other != rank) CHECK(hosts[rank]->wait_for_join(other));
}

TEST_CASE("a sender is told to wait where the receiver takes nothing, and when there is room again") {
  TwoHosts hosts(run_tls(), 1 << 20);
  hosts.second.takes = false;
  std::size_t sent = 1;
  while (hosts.first.gateway.send(1, tensor_of(static_cast<VertexId>(sent), 50'000))) ++sent;
  CHECK(sent <= 60);  // what is queued, one window and what the sockets hold, of 0.2 MB each
  CHECK(sent >= 42);
  REQUIRE(hosts.second.wait_for_messages(5));
  CHECK(hosts.first.rooms == 0);
  // The credits are given late.
  hosts.second.takes = true;
  for (int i = 0; i < 5; ++i) hosts.second.gateway.done(0, wire_bytes(tensor_of(0, 50'000)));
  REQUIRE(hosts.first.wait([&] { return hosts.first.rooms == 1; }));
  REQUIRE(hosts.second.wait_for_messages(sent));
  CHECK(hosts.second.messages.back().to == sent);
}

TEST_CASE("the end of a host is told to the others as such") {
  TestHost first(test_options(0));
  {
    TestHost second(test_options(1));
    second.connect_to(0, first);
    REQUIRE(first.wait_for_join(1));
    REQUIRE(second.wait_for_join(0));
    second.gateway.send_control(0, 1, std::string_view("last words"));
  }
  REQUIRE(first.wait([&] { return !first.losses.empty(); }));
  CHECK(first.controls.size() == 1);
  CHECK(first.losses == std::vector<std::pair<HostId, std::string>>{{1, "it left: it has ended"}});
}

TEST_CASE("a host that is parted from is told why, and its rank may join again") {
  TwoHosts hosts(run_tls());
  hosts.first.gateway.part(1, "it was silent for 10 s");
  REQUIRE(hosts.first.wait([&] { return !hosts.first.losses.empty(); }));
  REQUIRE(hosts.second.wait([&] { return !hosts.second.losses.empty(); }));
  CHECK(hosts.first.losses[0].second == "it was silent for 10 s");
  CHECK(hosts.second.losses[0].second == "it left: it was silent for 10 s");
  hosts.first.connect_to(1, hosts.second);
  REQUIRE(hosts.first.wait([&] { return hosts.first.hosts.size() == 2; }));
  hosts.first.gateway.send(1, tensor_of(1, 1));
  CHECK(hosts.second.wait_for_messages(1));
}

TEST_CASE("the second of two hosts with one rank is refused") {
  TestHost first(test_options(0));
  TestHost second(test_options(1));
  TestHost double_of_second(test_options(1));
  second.connect_to(0, first);
  REQUIRE(first.wait_for_join(1));
  double_of_second.connect_to(0, first);
  REQUIRE(double_of_second.wait([&] { return !double_of_second.losses.empty(); }));
  CHECK(double_of_second.losses[0].second == "it left: host 1 has joined already");
  REQUIRE(first.wait([&] { return !first.refusals.empty(); }));
  CHECK(first.refusals[0] == "host 1 has joined already");
  CHECK(first.losses.empty());
}

TEST_CASE("what cannot be connected to is lost with the address and the reason") {
  TestHost host(test_options(0));
  std::uint16_t port = 0;
  {
    const TestHost gone(test_options(1));
    port = gone.gateway.port();
  }
  host.gateway.connect(1, "127.0.0.1", port);
  REQUIRE(host.wait([&] { return !host.losses.empty(); }));
  CHECK(host.losses[0].first == 1);
  CHECK(host.losses[0].second == "127.0.0.1:" + std::to_string(port) + " cannot be reached: Connection refused");
}

TEST_CASE("a gateway that has stopped listening takes nobody new and keeps whom it has") {
  TwoHosts hosts(nullptr);
  hosts.second.gateway.stop_listening();
  hosts.second.gateway.send_control(0, 1, {});  // after it, in order
  REQUIRE(hosts.first.wait([&] { return hosts.first.controls.size() == 1; }));
  TestHost third(test_options(2));
  third.connect_to(1, hosts.second);
  REQUIRE(third.wait([&] { return !third.losses.empty(); }));
  CHECK(third.losses[0].second.find("cannot be reached: Connection refused") != std::string::npos);
  hosts.first.gateway.send(1, tensor_of(1, 1));
  CHECK(hosts.second.wait_for_messages(1));
}

TEST_CASE("an address that is not this machine's is refused with its name") {
  GatewayOptions options = test_options(0);
  options.address = "192.0.2.1";
  try {
    TestHost host(options);
    FAIL("it listens there");
  } catch (const BadConfig& error) {
    CHECK(std::string(error.what()).starts_with("192.0.2.1:0: cannot listen there"));
  }
}

TEST_CASE("the counters of a connection tell what went over it") {
  TwoHosts hosts(nullptr);
  for (VertexId id = 0; id < 10; ++id) hosts.first.gateway.send(1, tensor_of(id, 1000));
  REQUIRE(hosts.second.wait_for_messages(10));
  const auto counted_all = [](TestHost& host, HostId other, auto condition) {
    return host.wait([&] {
      const auto counters = host.gateway.counters();
      return counters.contains(other) && condition(counters.at(other));
    });
  };
  CHECK(counted_all(hosts.first, 1, [](const PeerCounters& c) {
    return c.messages_sent == 10 && c.queued_messages == 0 && c.bytes_sent > 40'000 && c.credit > 0;
  }));
  CHECK(counted_all(hosts.second, 0, [](const PeerCounters& c) {
    return c.messages_received == 10 && c.bytes_received > 40'000 &&
           c.last_heard > std::chrono::steady_clock::now() - 30s;
  }));
}
