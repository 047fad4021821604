// Purpose: where a host of a run listens. Thread rule: a value type.
#pragma once

#include <cstdint>
#include <string>

namespace settle {

struct HostAddress {
  std::string address;  // IPv4, IPv6 without its brackets, or a name
  std::uint16_t port = 0;
};

}  // namespace settle
