// Purpose: the options by which a command is told of links and clocks in virtual time: the keys of [network], spelt
// --network.KEY. What is not said comes from a CONFIG where there is one. Thread rule: pure. Errors: UsageError.
#pragma once

#include <array>
#include <optional>

#include "sim/config/run_config.hpp"
#include "tools/options.hpp"

namespace settle {

inline constexpr std::array kNetworkOptions = {
    Option{"network.latency", "X", "of --executor virtual, as all that follow: ticks of a flight, or a distribution"},
    Option{"network.jitter", "N", "up to so many ticks more; messages overtake"},
    Option{"network.loss", "X", "share of messages that are lost"},
    Option{"network.resend", "N", "ticks until they are sent again"},
    Option{"network.bandwidth", "X", "bytes a tick of each link"},
    Option{"network.links", "RULES", "what is said of some links only"},
    Option{"network.hosts", "RULES", "which vertices are on which host"},
    Option{"network.compute", "X", "ticks of an act, or cost(ticks of a multiply-add)"},
    Option{"network.period", "N", "ticks between edges of a clock"},
    Option{"network.clock", "X", "rates of the clocks, a distribution"},
    Option{"network.drift", "X", "how far rates wander"},
    Option{"network.straggler", "X", "pause(every, length, share)"},
    Option{"network.delay", "N", "lockstep: whole steps by which messages are late"},
    Option{"network.sample_every", "N", "ticks between rows of a trace; more of all: settle help config"},
};

NetworkConfig network_choice(const Options& options, const std::optional<RunConfig>& config);
// The first of them that is given, if any.
std::optional<std::string_view> given_network_option(const Options& options);

}  // namespace settle
