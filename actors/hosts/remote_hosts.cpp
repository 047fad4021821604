#include "actors/hosts/remote_hosts.hpp"

#include "actors/wire/peer_error.hpp"

namespace settle {

template <class Scalar>
Bytes RemoteHosts<Scalar>::ask(HostId host, Query query) {
  std::unique_lock lock(mutex_);
  if (const auto known = lost_.find(host); known != lost_.end()) throw PeerGone(known->second);
  const std::uint64_t number = query.number = ++asked_;
  lock.unlock();
  role_.transport->control(host, static_cast<std::uint16_t>(ControlKind::query), encoded(std::move(query)));
  lock.lock();
  changed_.wait(lock, [&] { return replies_.contains(number) || lost_.contains(host); });
  const auto found = replies_.extract(number);
  if (!found) throw PeerGone(lost_.at(host));
  if (found.mapped().failure) throw Error(found.mapped().failure->code, found.mapped().failure->message);
  return std::move(found.mapped().content);
}

template <class Scalar>
void RemoteHosts<Scalar>::replied(Reply reply) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = reply.number;
  replies_.insert_or_assign(number, std::move(reply));
  changed_.notify_all();
}

template <class Scalar>
void RemoteHosts<Scalar>::lost(HostId host, const std::string& cause) {
  const std::lock_guard lock(mutex_);
  lost_.try_emplace(host, cause);
  changed_.notify_all();
}

template class RemoteHosts<float>;
template class RemoteHosts<double>;

}  // namespace settle
