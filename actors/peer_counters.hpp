// Purpose: what one side of a connection to another host has carried so far. Thread rule: a value type.
#pragma once

#include <chrono>
#include <cstdint>

namespace settle {

using WireTime = std::chrono::steady_clock::time_point;

struct PeerCounters {
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t messages_received = 0;
  std::uint64_t queued_messages = 0;  // between vertices, not yet sent
  std::uint64_t queued_bytes = 0;
  std::uint64_t credit = 0;  // bytes that may be sent now
  WireTime last_heard{};
};

}  // namespace settle
