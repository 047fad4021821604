// Purpose: asks other hosts between runs and waits for what they say. Thread rule: `ask` by any thread but those that
// `replied` and `lost` come from.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>

#include "actors/hosts/control.hpp"
#include "actors/transport.hpp"

namespace settle {

template <class Scalar>
class RemoteHosts {
 public:
  explicit RemoteHosts(const HostRole<Scalar>& role) : role_(role) {}

  // What that host replies to the query, whose number is filled in here. Errors: what it failed of; PeerGone where it
  // is lost.
  Bytes ask(HostId host, Query query);

  void replied(Reply reply);
  void lost(HostId host, const std::string& cause);

 private:
  const HostRole<Scalar>& role_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t asked_ = 0;
  std::map<std::uint64_t, Reply> replies_;
  std::map<HostId, std::string> lost_;
};

}  // namespace settle
