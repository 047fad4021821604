#include "actors/hosts/remote_hosts.hpp"

#include "actors/wire/peer_error.hpp"

namespace settle {

template <class Scalar>
Bytes RemoteHosts<Scalar>::ask(HostId host, Query query) {
  return await(host, send(host, std::move(query)));
}

template <class Scalar>
std::vector<Bytes> RemoteHosts<Scalar>::ask_all(const std::function<Query(HostId)>& query,
                                                const std::function<void()>& meanwhile) {
  std::vector<std::uint64_t> numbers;
  for (HostId host = 1; host < role_.hosts; ++host) numbers.push_back(send(host, query(host)));
  std::exception_ptr first;
  const auto attempt = [&first](const auto& step) {
    try {
      step();
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  };
  attempt(meanwhile);
  std::vector<Bytes> replies;
  for (HostId host = 1; host < role_.hosts; ++host) attempt([&] { replies.push_back(await(host, numbers[host - 1])); });
  if (first) std::rethrow_exception(first);
  return replies;
}

template <class Scalar>
std::uint64_t RemoteHosts<Scalar>::send(HostId host, Query query) {
  std::unique_lock lock(mutex_);
  const std::uint64_t number = query.number = ++asked_;
  if (lost_.contains(host)) return number;
  lock.unlock();
  role_.transport->control(host, static_cast<std::uint16_t>(ControlKind::query), encoded(std::move(query)));
  return number;
}

template <class Scalar>
Bytes RemoteHosts<Scalar>::await(HostId host, std::uint64_t number) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return replies_.contains(number) || lost_.contains(host); });
  const auto found = replies_.extract(number);
  if (!found) throw PeerGone(lost_.at(host));
  if (const auto& failure = found.mapped().failure)
    throw Error(failure->code, "host " + std::to_string(host) + ": " + failure->message);
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
