// Purpose: opens a TCP connection within a time (CAF's own way waits for ever). Thread rule: any thread.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "actors/descriptor.hpp"

namespace settle {

// `address`: a number or a name. Errors: PeerGone saying what could not be reached and why.
Descriptor tcp_connect(const std::string& address, std::uint16_t port, std::chrono::milliseconds limit,
                       const std::stop_token& stop);

}  // namespace settle
