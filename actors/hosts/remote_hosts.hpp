// Purpose: asks other hosts between runs and waits for what they say. Thread rule: `ask` and `ask_all` by any thread
// but those that `replied` and `lost` come from. Errors of both: what a host failed of, named with it; PeerGone where
// it is lost.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "actors/hosts/control.hpp"
#include "actors/transport.hpp"

namespace settle {

template <class Scalar>
class RemoteHosts {
 public:
  explicit RemoteHosts(const HostRole<Scalar>& role) : role_(role) {}

  // What that host replies to the query, whose number is filled in here.
  Bytes ask(HostId host, Query query);
  // Asks all of them before it waits for one, and does `meanwhile`. The replies of hosts 1, 2, ... Errors: the first,
  // `meanwhile`'s before theirs, once every host has replied or is lost.
  std::vector<Bytes> ask_all(const std::function<Query(HostId)>& query, const std::function<void()>& meanwhile);

  void replied(Reply reply);
  void lost(HostId host, const std::string& cause);

 private:
  std::uint64_t send(HostId host, Query query);
  Bytes await(HostId host, std::uint64_t number);

  const HostRole<Scalar>& role_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t asked_ = 0;
  std::map<std::uint64_t, Reply> replies_;
  std::map<HostId, std::string> lost_;
};

}  // namespace settle
