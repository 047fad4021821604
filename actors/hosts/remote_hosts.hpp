// Purpose: asks other hosts and waits for what they say. Thread rule: any thread but those that `replied` and `gone`
// come from. Errors of `ask` and `ask_all`: what a host failed of, named with it; where it is gone, why the first went:
// the others go for that.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "actors/hosts/control.hpp"
#include "actors/transport.hpp"

namespace settle {

template <class Scalar>
class RemoteHosts {
 public:
  explicit RemoteHosts(const HostRole<Scalar>& role) : role_(role) {}

  // What that host replies to the query, whose number is filled in here; between runs.
  Bytes ask(HostId host, Query query);
  // As `ask`. Asks all of them before it waits for one, and does `meanwhile`. The replies of hosts 1, 2, ... Errors:
  // the first, `meanwhile`'s before theirs, once every host has replied or is gone.
  std::vector<Bytes> ask_all(const std::function<Query(HostId)>& query, const std::function<void()>& meanwhile);

  // What every other host replies within `limit`, all being asked at once; at any time. Who is gone, stopped or fails
  // is left out.
  std::map<HostId, Bytes> inspect(Inspection::What what, std::chrono::milliseconds limit);

  void replied(Reply reply);
  // It is lost, or has said why it stops: nothing more will come from there.
  void gone(HostId host, Failure why);

 private:
  template <class Question>
  std::uint64_t put(HostId host, ControlKind kind, Question question);
  bool is_over(HostId host, std::uint64_t number) const { return replies_.at(number) || gone_.contains(host); }
  Bytes await(HostId host, std::uint64_t number);

  const HostRole<Scalar>& role_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t asked_ = 0;
  std::map<std::uint64_t, std::optional<Reply>> replies_;  // to what is waited for; others are dropped
  std::set<HostId> gone_;
  Failure why_;  // the first of them is
};

}  // namespace settle
