#include "actors/hosts/remote_hosts.hpp"

#include "actors/wire/peer_error.hpp"

namespace settle {

template <class Scalar>
template <class Question>
std::uint64_t RemoteHosts<Scalar>::put(HostId host, ControlKind kind, Question question) {
  {
    const std::lock_guard lock(mutex_);
    question.number = ++asked_;
    replies_.try_emplace(question.number);
  }
  const std::uint64_t number = question.number;
  role_.transport->control(host, static_cast<std::uint16_t>(kind), encoded(std::move(question)));
  return number;
}

template <class Scalar>
Bytes RemoteHosts<Scalar>::ask(HostId host, Query query) {
  const std::uint64_t number = put(host, ControlKind::query, std::move(query));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return is_over(host, number); });
  std::optional<Reply> reply = std::move(replies_.extract(number).mapped());
  if (!reply) throw PeerGone(lost_.at(host));
  if (reply->failure) throw Error(reply->failure->code, reply->failure->message);
  return std::move(reply->content);
}

template <class Scalar>
std::map<HostId, Bytes> RemoteHosts<Scalar>::inspect(Inspection::What what, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  std::map<HostId, std::uint64_t> numbers;
  for (HostId host = 0; host < role_.hosts; ++host)
    if (host != role_.self) numbers[host] = put(host, ControlKind::inspect, Inspection{0, what});
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [&] {
    return std::ranges::all_of(numbers, [&](const auto& asked) { return is_over(asked.first, asked.second); });
  });
  std::map<HostId, Bytes> contents;
  for (const auto& [host, number] : numbers) {
    std::optional<Reply> reply = std::move(replies_.extract(number).mapped());
    if (reply && !reply->failure) contents[host] = std::move(reply->content);
  }
  return contents;
}

template <class Scalar>
void RemoteHosts<Scalar>::replied(Reply reply) {
  const std::lock_guard lock(mutex_);
  const auto waited_for = replies_.find(reply.number);
  if (waited_for == replies_.end()) return;
  waited_for->second = std::move(reply);
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
