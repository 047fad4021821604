#include "actors/hosts/remote_hosts.hpp"

#include "graph/error.hpp"

namespace settle {

template <class Scalar>
Bytes RemoteHosts<Scalar>::ask(HostId host, Query query) {
  return await(host, put(host, ControlKind::query, std::move(query)));
}

template <class Scalar>
std::vector<Bytes> RemoteHosts<Scalar>::ask_all(const std::function<Query(HostId)>& query,
                                                const std::function<void()>& meanwhile) {
  std::vector<std::uint64_t> numbers;
  for (HostId host = 1; host < role_.hosts; ++host) numbers.push_back(put(host, ControlKind::query, query(host)));
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
template <class Question>
std::uint64_t RemoteHosts<Scalar>::put(HostId host, ControlKind kind, Question question) {
  std::unique_lock lock(mutex_);
  const std::uint64_t number = question.number = ++asked_;
  replies_.try_emplace(number);
  if (gone_.contains(host)) return number;
  lock.unlock();
  role_.transport->control(host, static_cast<std::uint16_t>(kind), encoded(std::move(question)));
  return number;
}

template <class Scalar>
Bytes RemoteHosts<Scalar>::await(HostId host, std::uint64_t number) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return is_over(host, number); });
  std::optional<Reply> reply = std::move(replies_.extract(number).mapped());
  if (!reply) throw Error(why_.code, why_.message);
  if (const auto& failure = reply->failure)
    throw Error(failure->code, "host " + std::to_string(host) + ": " + failure->message);
  return std::move(reply->content);
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
void RemoteHosts<Scalar>::gone(HostId host, Failure why) {
  const std::lock_guard lock(mutex_);
  if (gone_.empty()) why_ = std::move(why);
  gone_.insert(host);
  changed_.notify_all();
}

template class RemoteHosts<float>;
template class RemoteHosts<double>;

}  // namespace settle
