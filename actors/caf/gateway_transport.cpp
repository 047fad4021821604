#include "actors/caf/gateway_transport.hpp"

#include "actors/wire/peer_error.hpp"

namespace settle {

template <class Scalar>
GatewayTransport<Scalar>::GatewayTransport(const GatewayOptions& options, HostId hosts)
    : self_(options.peer.hello.rank),
      hosts_(hosts),
      address_(options.address),
      is_joined_(hosts),
      addresses_(hosts),
      pieces_(hosts),
      gateway_(options, *this) {
  is_joined_[self_] = true;
  addresses_[self_] = HostAddress{address_, gateway_.port()};
}

template <class Scalar>
template <class Condition>
void GatewayTransport<Scalar>::wait_until(Condition condition, const Patience& patience) {
  std::unique_lock lock(mutex_);
  const auto met = [&] { return !lost_.empty() || condition(); };
  const auto begin = std::chrono::steady_clock::now();
  if (!changed_.wait_until(lock, begin + patience.remind_after, met) && patience.remind) {
    const std::vector<HostId> who = missing();
    lock.unlock();
    patience.remind(who);
    lock.lock();
  }
  const bool done = changed_.wait_until(lock, begin + patience.limit, met);
  if (!lost_.empty()) throw PeerGone(lost_);
  if (done) return;
  std::string who;
  for (const HostId host : missing()) who += (who.empty() ? "" : ", ") + std::to_string(host);
  throw PeerGone("hosts " + who + " have not come within " + std::to_string(patience.limit.count() / 1000) + " s");
}

template <class Scalar>
std::vector<HostId> GatewayTransport<Scalar>::missing() const {
  std::vector<HostId> hosts;
  for (HostId host = 0; host < hosts_; ++host)
    if (!is_joined_[host]) hosts.push_back(host);
  return hosts;
}

template <class Scalar>
void GatewayTransport<Scalar>::meet(const HostAddress& first, const Patience& patience) {
  if (self_ > 0) {
    gateway_.connect(0, first.address, first.port);
    wait_until([this] { return is_joined_[0] != 0; }, patience);
    gateway_.send_control(0, here, encoded(HostAddress{address_, port()}));
    wait_until([this] { return missing().empty(); }, patience);
    gateway_.send_control(0, connected, {});
    wait_until([this] { return all_in_; }, patience);
  } else {
    wait_until([this] { return std::ranges::all_of(addresses_, [](const auto& known) { return known.has_value(); }); },
               patience);
    std::vector<HostAddress> all;
    for (const auto& known : addresses_) all.push_back(*known);
    tell_all(roll, encoded(all));
    wait_until([this] { return connected_ + 1 == hosts_; }, patience);
    tell_all(all_in, {});
  }
  gateway_.stop_listening();
}

template <class Scalar>
void GatewayTransport<Scalar>::tell_all(MeetingKind kind, const Bytes& content) {
  for (HostId host = 0; host < hosts_; ++host)
    if (host != self_) gateway_.send_control(host, kind, content);
}

template <class Scalar>
void GatewayTransport<Scalar>::joined(HostId host) {
  if (host >= hosts_)
    return gateway_.part(host, "host " + std::to_string(host) + " is none of " + std::to_string(hosts_));
  const std::lock_guard lock(mutex_);
  is_joined_[host] = true;
  changed_.notify_all();
}

template <class Scalar>
void GatewayTransport<Scalar>::lost(HostId host, const std::string& cause) {
  {
    const std::lock_guard lock(mutex_);
    if (lost_.empty()) lost_ = cause;
    changed_.notify_all();
  }
  deliver([=](Arrivals<Scalar>& arrivals) { arrivals.lost(host, cause); });
}

template <class Scalar>
void GatewayTransport<Scalar>::received(HostId from, VertexMessage message, std::size_t bytes) {
  // The other side's credit bounds what is under way; here the message is the vertex's at once.
  auto& content = std::get<Message<Scalar>>(message.message);
  {
    const std::lock_guard lock(mutex_);
    if (arrivals_)
      arrivals_->message(message.to, content);
    else
      waiting_.push_back([to = message.to, content](Arrivals<Scalar>& arrivals) { arrivals.message(to, content); });
  }
  gateway_.done(from, bytes);
}

template <class Scalar>
void GatewayTransport<Scalar>::received_control(HostId from, std::uint16_t kind, std::span<const char> content) {
  if (from >= hosts_) return;
  if (kind == piece) return append(pieces_[from], content);
  Bytes whole = std::exchange(pieces_[from], {});
  append(whole, content);
  if (kind >= here) return take_meeting(from, kind, whole);
  deliver([=, whole = std::move(whole)](Arrivals<Scalar>& arrivals) { arrivals.control(from, kind, whole); });
}

template <class Scalar>
void GatewayTransport<Scalar>::take_meeting(HostId from, std::uint16_t kind, std::span<const char> content) try {
  if (kind == roll) {
    const auto all = decoded<std::vector<HostAddress>>(content);
    for (HostId host = 1; host < self_ && host < all.size(); ++host)
      gateway_.connect(host, all[host].address, all[host].port);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (kind == here) addresses_[from] = decoded<HostAddress>(content);
  if (kind == connected) ++connected_;
  if (kind == all_in) all_in_ = true;
  changed_.notify_all();
} catch (const BadData& error) {
  gateway_.part(from, error.what());
}

template <class Scalar>
void GatewayTransport<Scalar>::attach(Arrivals<Scalar>* arrivals) {
  const std::lock_guard lock(mutex_);
  arrivals_ = arrivals;
  if (arrivals)
    for (const auto& delivery : waiting_) delivery(*arrivals);
  waiting_.clear();
}

template <class Scalar>
void GatewayTransport<Scalar>::deliver(std::function<void(Arrivals<Scalar>&)> delivery) {
  const std::lock_guard lock(mutex_);
  if (arrivals_)
    delivery(*arrivals_);
  else
    waiting_.push_back(std::move(delivery));
}

template <class Scalar>
void GatewayTransport<Scalar>::send(HostId to, VertexId receiver, const Message<Scalar>& message) {
  gateway_.send(to, {receiver, message});
}

template <class Scalar>
void GatewayTransport<Scalar>::control(HostId to, std::uint16_t kind, std::span<const char> content) {
  for (; content.size() > kControlBytes - 64; content = content.subspan(kControlBytes - 64))
    gateway_.send_control(to, piece, content.first(kControlBytes - 64));
  gateway_.send_control(to, kind, content);
}

template class GatewayTransport<float>;
template class GatewayTransport<double>;

}  // namespace settle
