#include "tools/hosts/host_gateway.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <array>

#include "actors/hosts/roll.hpp"
#include "graph/error.hpp"
#include "sim/sha256.hpp"
#include "tools/versions.hpp"

namespace settle {

ListenAddress listen_address(const std::string& text) {
  if (text == "auto") return {"0.0.0.0", own_card(0, {}).machine};
  if (::if_nametoindex(text.c_str()) == 0) return {text, text};
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) == 0) {
    const std::unique_ptr<ifaddrs, decltype([](ifaddrs* all) { ::freeifaddrs(all); })> owner(list);
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
      if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET || text != one->ifa_name) continue;
      std::array<char, INET_ADDRSTRLEN> address{};
      const auto* const place = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
      ::inet_ntop(AF_INET, &place->sin_addr, address.data(), address.size());
      return {address.data(), address.data()};
    }
  }
  throw BadConfig("transport.address: the network interface " + text + " has no IPv4 address");
}

GatewayOptions host_gateway(const TransportConfig& transport, const HostIdentity& identity,
                            std::shared_ptr<const TlsContext> tls) {
  static const std::string build = sha256_of_file("/proc/self/exe").substr(0, 16);
  const std::map<std::string, std::string> about = versions();
  GatewayOptions options;
  options.address = listen_address(transport.address).listen;
  Hello& hello = options.peer.hello;
  hello.rank = identity.rank;
  hello.run = identity.token;
  hello.build = about.at("settle") + " " + build;
  hello.instruction_set = about.at("instruction_set");
  hello.scalar = identity.scalar;
  options.peer.allow_mixed = transport.allow_mixed;
  options.tls = std::move(tls);
  return options;
}

LivenessSettings liveness_settings(const TransportConfig& transport) {
  const auto milliseconds = [](double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  };
  LivenessSettings settings;
  settings.silent_after = milliseconds(transport.silent_after);
  settings.dead_after = milliseconds(transport.dead_after);
  return settings;
}

std::map<HostId, WireTime> last_heard(const std::map<HostId, PeerCounters>& counters) {
  std::map<HostId, WireTime> heard;
  for (const auto& [host, counted] : counters) heard[host] = counted.last_heard;
  return heard;
}

}  // namespace settle
