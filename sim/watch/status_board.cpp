#include "sim/watch/status_board.hpp"

#include <algorithm>
#include <utility>

namespace settle {
namespace {

std::string name_of(RunStage stage) {
  switch (stage) {
    case RunStage::starting:
      return "starting";
    case RunStage::gathering_hosts:
      return "gathering hosts";
    case RunStage::training:
      return "training";
    case RunStage::evaluating:
      return "evaluating";
    case RunStage::saving:
      return "saving a checkpoint";
  }
  return "";
}

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

nlohmann::json to_json(const HostActivity& activity, std::chrono::steady_clock::time_point now) {
  const PeerCounters& traffic = activity.traffic;
  nlohmann::json json = {{"host", activity.host},
                         {"answers", activity.answered},
                         {"messages_sent", traffic.messages_sent},
                         {"messages_received", traffic.messages_received},
                         {"bytes_sent", traffic.bytes_sent},
                         {"bytes_received", traffic.bytes_received},
                         {"queued_messages", traffic.queued_messages},
                         {"queued_bytes", traffic.queued_bytes},
                         {"credit", traffic.credit},
                         {"seconds_since_heard", nullptr}};
  if (traffic.last_heard != WireTime{}) json["seconds_since_heard"] = std::max(0.0, seconds(now - traffic.last_heard));
  if (!activity.answered) return json;
  json["phase"] = phase_name(activity.phase);
  json["vertices"] = activity.vertices;
  json["handled"] = activity.handled;
  json["outstanding"] = activity.outstanding;
  return json;
}

// A host's own line is not indented.
std::vector<std::string> with_processes(std::vector<std::string> lines, const std::vector<HostProcess>& hosts) {
  auto host = hosts.begin();
  for (std::string& line : lines) {
    const std::size_t colon = line.find(':');
    if (host == hosts.end() || line.starts_with(' ') || colon == std::string::npos) continue;
    line.replace(0, colon,
                 "host " + std::to_string(host->rank) + " (process " + std::to_string(host->process) + " on " +
                     host->machine + ")");
    ++host;
  }
  return lines;
}

}  // namespace

void StatusBoard::plan(std::uint64_t trials, std::uint64_t trials_per_epoch) {
  const std::lock_guard lock(mutex_);
  planned_ = trials;
  per_epoch_ = std::max<std::uint64_t>(1, trials_per_epoch);
}

RunStage StatusBoard::enter(RunStage stage) {
  const std::lock_guard lock(mutex_);
  return std::exchange(stage_, stage);
}

void StatusBoard::take_up(std::uint64_t trials_done) {
  const std::lock_guard lock(mutex_);
  begun_with_ = done_ = trials_done;
  begun_ = Clock::now();
  last_trial_.reset();
}

void StatusBoard::trial_done(std::uint64_t trials_done, double loss) {
  const std::lock_guard lock(mutex_);
  done_ = trials_done;
  loss_ = loss;
  last_trial_ = Clock::now();
}

void StatusBoard::set_hosts(std::vector<HostProcess> hosts) {
  const std::lock_guard lock(mutex_);
  hosts_ = std::move(hosts);
}

void StatusBoard::watch(const Inspectable* executor) {
  const std::lock_guard lock(asking_);
  executor_ = executor;
  if (executor) ++executors_;
}

std::uint64_t StatusBoard::trials_done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

std::uint64_t StatusBoard::trials() const {
  const std::lock_guard lock(mutex_);
  return planned_;
}

nlohmann::json StatusBoard::status() const {
  nlohmann::json hosts = nlohmann::json::array();
  const std::lock_guard asking(asking_);
  if (executor_)
    for (const HostActivity& activity : executor_->activity()) hosts.push_back(to_json(activity, Clock::now()));
  const std::lock_guard lock(mutex_);
  for (std::size_t host = 0; host < std::min(hosts.size(), hosts_.size()); ++host)
    hosts[host].update(
        {{"rank", hosts_[host].rank}, {"machine", hosts_[host].machine}, {"process", hosts_[host].process}});
  const auto now = Clock::now();
  const double since = seconds(now - begun_);
  nlohmann::json json = {{"stage", name_of(stage_)},
                         {"trial", done_},
                         {"trials", planned_},
                         {"epoch", std::min(done_, planned_ - std::min<std::uint64_t>(planned_, 1)) / per_epoch_ + 1},
                         {"epochs", (planned_ + per_epoch_ - 1) / per_epoch_},
                         {"loss", nullptr},
                         {"trials_per_second", nullptr},
                         {"seconds_since_trial", nullptr},
                         {"executor", executors_},
                         {"clock", seconds(now.time_since_epoch())},
                         {"hosts", std::move(hosts)}};
  if (!last_trial_) return json;
  json["loss"] = loss_;
  json["trials_per_second"] = static_cast<double>(done_ - begun_with_) / since;
  json["seconds_since_trial"] = seconds(now - *last_trial_);
  return json;
}

nlohmann::json StatusBoard::stacks() const {
  const std::lock_guard asking(asking_);
  nlohmann::json json = {{"stacks", nullptr}};
  std::vector<std::string> lines;
  if (executor_) lines = executor_->stacks();
  const std::lock_guard lock(mutex_);
  if (executor_) json["stacks"] = with_processes(std::move(lines), hosts_);
  json["stage"] = name_of(stage_);
  return json;
}

}  // namespace settle
