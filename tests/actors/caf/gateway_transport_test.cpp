// A transport knows its hosts by their places in the roll, which are not their ranks once one is missing.
#include "actors/caf/gateway_transport.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace settle;

namespace {

GatewayOptions of_rank(HostId rank) {
  GatewayOptions options;
  options.peer.hello.rank = rank;
  options.peer.hello.run = "test";
  return options;
}

// Counters are taken from time to time.
template <class Counters>
std::map<HostId, PeerCounters> some(Counters counters) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::map<HostId, PeerCounters> counted;
  while (counted.empty() && std::chrono::steady_clock::now() < until) counted = counters();
  return counted;
}

}  // namespace

TEST_CASE("transport: what a connection has carried is told by the host's place, and to who asks so by its rank") {
  GatewayTransport<float> first(of_rank(0));
  GatewayTransport<float> other(of_rank(2));
  std::jthread joining([&] { other.join({"127.0.0.1", first.port()}); });
  Gathering gathering;
  gathering.ranks = {2};
  const Roll roll = first.gather(gathering, [](const Roll&) { return Bytes(); });
  joining.join();
  REQUIRE(roll.size() == 2);
  const auto by_place = some([&] { return first.counters(); });
  REQUIRE(by_place.size() == 1);
  CHECK(by_place.begin()->first == 1);
  CHECK(first.counters_by_rank().begin()->first == 2);
}
