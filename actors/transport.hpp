// Purpose: what carries messages between the hosts of one run, and what a host does with those that come.
// Messages from one host to another arrive in the order in which they were sent, control among itself and messages
// between vertices among themselves; none is lost while both hosts live. Implemented by the gateway (actors/caf) over
// sockets and by tests in memory. Thread rule: all functions by any thread.
#pragma once

#include <map>
#include <span>
#include <string>

#include "actors/peer_counters.hpp"
#include "actors/placement.hpp"
#include "actors/protocol.hpp"

namespace settle {

// Implemented by an executor that is one of several hosts.
template <class Scalar>
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  virtual void message(VertexId receiver, const Message<Scalar>& message) = 0;
  virtual void control(HostId from, std::uint16_t kind, std::span<const char> content) = 0;
  // That host sends nothing any more. `cause` is a sentence that names it.
  virtual void lost(HostId host, const std::string& cause) = 0;
};

template <class Scalar>
class Transport {
 public:
  virtual ~Transport() = default;
  // From now on what comes goes there; what came before waits until then. Null: what comes is dropped.
  virtual void attach(Arrivals<Scalar>* arrivals) = 0;
  virtual void send(HostId to, VertexId receiver, const Message<Scalar>& message) = 0;
  virtual void control(HostId to, std::uint16_t kind, std::span<const char> content) = 0;
  // What each connection has carried, by the host at its other end; nothing where that is not counted.
  virtual std::map<HostId, PeerCounters> counters() const { return {}; }
};

// Which part of a run an executor is.
template <class Scalar>
struct HostRole {
  HostId self = 0;  // host 0 has the coordinator
  HostId hosts = 1;
  Placement placement;                     // of every vertex; of no meaning for one host
  Transport<Scalar>* transport = nullptr;  // outlives the executor; null for one host
};

}  // namespace settle
