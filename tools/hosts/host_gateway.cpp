#include "tools/hosts/host_gateway.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <array>

#include "actors/hosts/roll.hpp"
#include "graph/error.hpp"
#include "sim/sha256.hpp"
#include "tools/hosts/say.hpp"
#include "tools/versions.hpp"

namespace settle {

ListenAddress listen_address(const std::string& text) {
  if (text == "auto") return {"0.0.0.0", this_machine()};
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

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::unique_ptr<LivenessWatch> watch_liveness(const TransportConfig& transport,
                                              std::function<std::map<HostId, PeerCounters>()> counters,
                                              std::function<void(HostId, const std::string&)> part,
                                              std::optional<HostId> only) {
  LivenessSettings settings;
  settings.silent_after = milliseconds_of(transport.silent_after);
  settings.dead_after = milliseconds_of(transport.dead_after);
  const auto heard = [counters = std::move(counters), only] {
    std::map<HostId, WireTime> times;
    for (const auto& [host, counted] : counters())
      if (host == only.value_or(host)) times[host] = counted.last_heard;
    return times;
  };
  const auto tell = [part = std::move(part)](const LivenessEvent& event) {
    say(text_of(event));
    if (event.kind == LivenessEvent::Kind::dead) part(event.host, "it was not heard of for transport.dead_after");
  };
  return std::make_unique<LivenessWatch>(settings, heard, tell);
}

}  // namespace settle
