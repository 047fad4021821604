#include "actors/caf/inspector.hpp"

#include <algorithm>

#include "actors/caf/vertex_actor.hpp"

namespace settle {

template <class Scalar>
Inspector<Scalar>::Inspector(Context<Scalar>& context) : context_(context) {
  if (context.options.role.self != 0) thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
}

template <class Scalar>
std::vector<std::string> Inspector<Scalar>::waits() const {
  const auto report = std::make_shared<WaitReport>();
  for (VertexActor<Scalar>* shell : context_.shells)
    if (shell) shell->post(std::make_unique<DescribeParcel<Scalar>>(report), nullptr);
  std::unique_lock lock(report->mutex);
  const std::size_t asked = context_.vertices.size();
  report->answered.wait_for(lock, std::chrono::seconds(1), [&] { return report->answers == asked; });
  std::ranges::sort(report->waiting);
  std::vector<std::string> lines;
  for (const auto& [id, waits] : report->waiting)
    lines.push_back("vertex '" + (*context_.graph)[id].name + "': " + waits);
  if (const std::size_t silent = asked - report->answers)
    lines.push_back(std::to_string(silent) + " vertices did not answer: each is inside an act, or no thread is free");
  return lines;
}

template <class Scalar>
std::uint64_t Inspector<Scalar>::handled() const {
  std::uint64_t sum = 0;
  for (const VertexActor<Scalar>* shell : context_.shells)
    if (shell) sum += shell->handled();
  return sum;
}

template <class Scalar>
std::vector<std::string> Inspector<Scalar>::stacks() const {
  std::vector<std::string> lines = waits();
  for (std::string& line : lines) line.insert(0, "  ");
  const HostActivity now = activity();
  lines.insert(lines.begin(), "host " + std::to_string(now.host) + ": " + std::string(phase_name(now.phase)) + ", " +
                                  std::to_string(now.vertices) + " vertices, outstanding: " +
                                  std::to_string(now.outstanding) + (lines.empty() ? "; none waits" : ""));
  return lines;
}

template <class Scalar>
HostActivity Inspector<Scalar>::activity() const {
  HostActivity activity;
  const HostRole<Scalar>& role = context_.options.role;
  activity.host = role.self;
  activity.vertices = context_.vertices.size();
  activity.phase = context_.stamp().phase;
  activity.handled = handled();
  activity.outstanding = static_cast<std::uint64_t>(std::max<std::int64_t>(0, context_.outstanding.value()));
  if (context_.alone()) return activity;
  const std::map<HostId, PeerCounters> peers = role.transport->counters();
  PeerCounters& sum = activity.traffic;
  for (const auto& [host, with] : peers) {
    sum.bytes_sent += with.bytes_sent;
    sum.bytes_received += with.bytes_received;
    sum.messages_sent += with.messages_sent;
    sum.messages_received += with.messages_received;
    sum.queued_messages += with.queued_messages;
    sum.queued_bytes += with.queued_bytes;
    sum.credit = host == peers.begin()->first ? with.credit : std::min(sum.credit, with.credit);
  }
  return activity;
}

template <class Scalar>
void Inspector<Scalar>::reply_to(const Inspection& inspection) {
  const std::lock_guard lock(mutex_);
  open_.push_back(inspection);
  asked_.notify_one();
}

template <class Scalar>
Reply Inspector<Scalar>::answer(const Inspection& inspection) const {
  switch (inspection.what) {
    case Inspection::What::stacks:
      return {inspection.number, std::nullopt, encoded(stacks())};
    case Inspection::What::activity:
      return {inspection.number, std::nullopt, encoded(activity())};
  }
  return {inspection.number, Failure{ExitCode::bad_data, "host 0 asks what this host does not know"}, {}};
}

template <class Scalar>
void Inspector<Scalar>::serve(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (asked_.wait(lock, stop, [this] { return !open_.empty(); })) {
    const Inspection inspection = open_.front();
    open_.pop_front();
    lock.unlock();
    context_.options.role.transport->control(0, static_cast<std::uint16_t>(ControlKind::reply),
                                             encoded(answer(inspection)));
    lock.lock();
  }
}

template class Inspector<float>;
template class Inspector<double>;

}  // namespace settle
