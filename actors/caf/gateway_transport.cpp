#include "actors/caf/gateway_transport.hpp"

#include <algorithm>

#include "actors/wire/peer_error.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{100};

struct RollCall {
  Roll roll;
  Bytes task;
};
void code(auto& coder, RollCall& it) { coder(it.roll, it.task); }

std::string list_of(const std::vector<HostId>& ranks) {
  std::string text;
  for (const HostId rank : ranks) text += (text.empty() ? "" : ", ") + std::to_string(rank);
  return (ranks.size() == 1 ? "host " : "hosts ") + text;
}

}  // namespace

template <class Scalar>
GatewayTransport<Scalar>::GatewayTransport(const GatewayOptions& options, const std::string& reached_at)
    : self_(options.peer.hello.rank), gateway_(options, *this) {
  card_ = own_card(self_, {reached_at.empty() ? options.address : reached_at, gateway_.port()});
}

// Until the condition holds, or the time is over: false.
template <class Scalar>
template <class Condition>
bool GatewayTransport<Scalar>::wait_on(const Gathering& gathering, Clock::time_point until, Condition condition) {
  const auto remind_at = Clock::now() + gathering.remind_after;
  bool reminded = false;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLook, [&] { return !lost_.empty() || condition(); })) {
    if (Clock::now() > until) return false;
    std::vector<HostId> missing;
    for (const HostId rank : gathering.ranks)
      if (!cards_.contains(rank)) missing.push_back(rank);
    lock.unlock();
    if (gathering.look) gathering.look();
    if (gathering.remind && !missing.empty() && !reminded && Clock::now() > remind_at) {
      reminded = true;
      gathering.remind(missing);
    }
    lock.lock();
  }
  if (!lost_.empty()) throw PeerGone(lost_);
  return true;
}

template <class Scalar>
Roll GatewayTransport<Scalar>::gather(const Gathering& gathering, const std::function<Bytes(const Roll&)>& task) {
  const auto until = Clock::now() + gathering.limit;
  const std::string in_time = " within " + std::to_string(gathering.limit.count() / 1000) + " s";
  const auto lacking = [&](const auto& there) {
    std::vector<HostId> missing;
    for (const HostId rank : gathering.ranks)
      if (!there(rank)) missing.push_back(rank);
    return missing;
  };
  const auto is_here = [&](HostId rank) { return cards_.contains(rank); };
  const bool all_here = wait_on(gathering, until, [&] { return lacking(is_here).empty(); });
  Roll all{card_};
  {
    const std::lock_guard lock(mutex_);
    if (!all_here && !gathering.without_missing)
      throw HostsMissing(list_of(lacking(is_here)) + " did not come" + in_time);
    for (const auto& [rank, card] : cards_)
      if (std::ranges::find(gathering.ranks, rank) != gathering.ranks.end()) all.push_back(card);
    roll_ = all;
  }
  tell_all(roll, encoded(RollCall{all, task(all)}));
  if (!wait_on(gathering, until + gathering.limit, [&] { return connected_.size() + 1 == all.size(); })) {
    const std::lock_guard lock(mutex_);
    throw PeerGone(list_of(lacking([&](HostId rank) {
                     return !is_here(rank) || std::ranges::find(connected_, rank) != connected_.end();
                   })) +
                   " could not connect to the others" + in_time);
  }
  {
    const std::lock_guard lock(mutex_);
    complete_ = true;
  }
  tell_all(all_in, {});
  gateway_.stop_listening();
  return all;
}

template <class Scalar>
void GatewayTransport<Scalar>::await_ready(const Gathering& gathering) {
  const auto failed = [](const auto& one) { return one.second.has_value(); };
  const auto tell_failure = [&] {
    const std::lock_guard lock(mutex_);
    if (const auto found = std::ranges::find_if(ready_, failed); found != ready_.end())
      throw Error(found->second->code, name(found->first) + ": " + found->second->message);
  };
  try {
    wait_on(gathering, Clock::time_point::max(),
            [&] { return ready_.size() + 1 == roll_.size() || std::ranges::any_of(ready_, failed); });
  } catch (const PeerGone&) {
    tell_failure();  // who says what it failed of leaves then
    throw;
  }
  tell_failure();
}

template <class Scalar>
void GatewayTransport<Scalar>::say_ready(const std::optional<Failure>& failure) {
  send_whole(0, ready, encoded(failure));
}

template <class Scalar>
Invitation GatewayTransport<Scalar>::join(const HostAddress& first) {
  gateway_.connect(0, first.address, first.port);
  std::unique_lock lock(mutex_);
  Invitation invitation;
  // False where host 0 was not reached, or wants something else.
  const auto wait_for = [&](auto condition) {
    changed_.wait(lock, [&] { return !lost_.empty() || !unreached_.empty() || summons_ || condition(); });
    invitation.unreached = unreached_;
    invitation.summons = summons_.value_or(Summons::serve);
    if (!summons_ && !lost_.empty()) throw PeerGone(lost_);
    return !summons_ && unreached_.empty();
  };
  if (!wait_for([&] { return joined_.contains(0); })) return invitation;
  send_whole(0, here, encoded(card_));
  const auto has_all = [&] {
    return !roll_.empty() && std::ranges::all_of(roll_, [&](const HostCard& card) {
      const auto found = joined_.find(card.rank);
      return card.rank == self_ || (found != joined_.end() && found->second);
    });
  };
  if (!wait_for(has_all)) return invitation;
  send_whole(0, connected, {});
  if (!wait_for([&] { return complete_; })) return invitation;
  lock.unlock();
  gateway_.stop_listening();
  invitation.roll = roll_;
  invitation.self = *place_of(self_);
  invitation.task = std::move(task_);
  return invitation;
}

template <class Scalar>
Summons GatewayTransport<Scalar>::next_summons() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return summons_ || !lost_.empty(); });
  if (!summons_) throw PeerGone(lost_);
  return *summons_;
}

template <class Scalar>
void GatewayTransport<Scalar>::summon(Summons summons) {
  tell_all(summons == Summons::again ? again : over, {});
}

template <class Scalar>
std::vector<HostId> GatewayTransport<Scalar>::present() const {
  const std::lock_guard lock(mutex_);
  std::vector<HostId> ranks;
  for (const auto& [rank, there] : joined_)
    if (there) ranks.push_back(rank);
  return ranks;
}

template <class Scalar>
void GatewayTransport<Scalar>::tell_all(MeetingKind kind, const Bytes& content) {
  for (const HostId rank : present()) send_whole(rank, kind, content);
}

// Requires: the mutex is held, or the roll is complete.
template <class Scalar>
std::string GatewayTransport<Scalar>::name(HostId rank) const {
  const auto found = std::ranges::find(roll_, rank, &HostCard::rank);
  if (found != roll_.end()) return name_of(*found);
  const auto card = cards_.find(rank);
  return card == cards_.end() ? "host " + std::to_string(rank) : name_of(card->second);
}

template <class Scalar>
std::optional<HostId> GatewayTransport<Scalar>::place_of(HostId rank) const {
  const auto found = std::ranges::find(roll_, rank, &HostCard::rank);
  if (found == roll_.end()) return std::nullopt;
  return static_cast<HostId>(found - roll_.begin());
}

template <class Scalar>
void GatewayTransport<Scalar>::joined(HostId rank) {
  const std::lock_guard lock(mutex_);
  if (!roll_.empty() && !place_of(rank))
    return gateway_.part(rank, "the run goes on without host " + std::to_string(rank));
  joined_[rank] = true;
  changed_.notify_all();
}

template <class Scalar>
void GatewayTransport<Scalar>::lost(HostId rank, const std::string& cause) {
  std::optional<HostId> place;
  std::string sentence;
  {
    const std::lock_guard lock(mutex_);
    joined_[rank] = false;
    sentence = name(rank) + " is lost: " + cause;
    if (complete_) place = place_of(rank);
    if (self_ == 0 && !complete_ && !roll_.empty() && !place_of(rank)) return;  // one that came too late
    if (self_ == 0 && !complete_ && roll_.empty()) cards_.erase(rank);          // it may come again
    if ((self_ == 0 && !roll_.empty()) || rank == 0) {
      if (lost_.empty()) lost_ = sentence;
    } else if (self_ > 0 && !complete_) {
      send_whole(0, cut_off, encoded(sentence));
    }
    changed_.notify_all();
  }
  if (place) deliver([=](Arrivals<Scalar>& arrivals) { arrivals.lost(*place, sentence); });
}

template <class Scalar>
void GatewayTransport<Scalar>::unreached(HostId rank, const std::string& cause) {
  if (rank > 0) return lost(rank, cause);
  const std::lock_guard lock(mutex_);
  unreached_ = cause;
  changed_.notify_all();
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
  if (kind == piece) return append(pieces_[from], content);
  Bytes whole = std::exchange(pieces_[from], {});
  append(whole, content);
  if (kind >= here) return take_meeting(from, kind, whole);
  std::optional<HostId> place;
  {
    const std::lock_guard lock(mutex_);
    place = place_of(from);
  }
  if (place)
    deliver([=, whole = std::move(whole)](Arrivals<Scalar>& arrivals) { arrivals.control(*place, kind, whole); });
}

template <class Scalar>
void GatewayTransport<Scalar>::take_meeting(HostId from, std::uint16_t kind, std::span<const char> content) try {
  std::unique_lock lock(mutex_);
  if (self_ == 0) {
    if (kind == here) cards_[from] = decoded<HostCard>(content);
    if (kind == connected) connected_.push_back(from);
    if (kind == ready) ready_[from] = decoded<std::optional<Failure>>(content);
    if (kind == cut_off && lost_.empty()) lost_ = name(from) + " says: " + decoded<std::string>(content);
  } else if (from == 0) {
    if (kind == roll) {
      auto call = decoded<RollCall>(content);
      roll_ = std::move(call.roll);
      task_ = std::move(call.task);
      if (!place_of(self_)) throw BadData("the roll does not name this host");
      for (const HostCard& card : roll_)
        if (card.rank > 0 && card.rank < self_) gateway_.connect(card.rank, card.place.address, card.place.port);
    }
    if (kind == all_in) complete_ = true;
    if (kind == again || kind == over) {
      summons_ = kind == again ? Summons::again : Summons::over;
      lock.unlock();
      deliver(
          [](Arrivals<Scalar>& arrivals) { arrivals.control(0, static_cast<std::uint16_t>(ControlKind::leave), {}); });
    }
  }
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
  gateway_.send(roll_[to].rank, {receiver, message});
}

template <class Scalar>
void GatewayTransport<Scalar>::control(HostId to, std::uint16_t kind, std::span<const char> content) {
  send_whole(roll_[to].rank, kind, content);
}

template <class Scalar>
std::map<HostId, PeerCounters> GatewayTransport<Scalar>::counters() const {
  std::map<HostId, PeerCounters> by_place;
  const std::lock_guard lock(mutex_);
  for (const auto& [rank, counted] : gateway_.counters())
    if (const auto place = place_of(rank)) by_place.emplace(*place, counted);
  return by_place;
}

template <class Scalar>
void GatewayTransport<Scalar>::send_whole(HostId rank, std::uint16_t kind, std::span<const char> content) {
  for (; content.size() > kControlBytes - 64; content = content.subspan(kControlBytes - 64))
    gateway_.send_control(rank, piece, content.first(kControlBytes - 64));
  gateway_.send_control(rank, kind, content);
}

template class GatewayTransport<float>;
template class GatewayTransport<double>;

}  // namespace settle
