#include "actors/caf/hang_reporter.hpp"

#include <algorithm>

#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
HangReporter<Scalar>::HangReporter(Context<Scalar>& context, const Inspector<Scalar>& inspector)
    : context_(context), inspector_(inspector) {
  if (context.options.hang_after.count() > 0) thread_ = std::jthread([this](std::stop_token stop) { loop(stop); });
}

template <class Scalar>
HangReporter<Scalar>::~HangReporter() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

template <class Scalar>
void HangReporter<Scalar>::watch() {
  const std::lock_guard lock(mutex_);
  watching_ = true;
  ++runs_;
  changed_.notify_all();
}

template <class Scalar>
void HangReporter<Scalar>::rest() {
  const std::lock_guard lock(mutex_);
  watching_ = false;
}

template <class Scalar>
void HangReporter<Scalar>::loop(std::stop_token stop) {
  // A hang is noticed within 5/4 of hang_after.
  const auto period = std::max(context_.options.hang_after / 4, std::chrono::milliseconds(1));
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait(lock, stop, [&] { return watching_; });
    const std::uint64_t run = runs_;
    std::uint64_t before = inspector_.handled();
    int idle_periods = 0;
    bool reported = false;
    while (watching_ && run == runs_ && !stop.stop_requested()) {
      changed_.wait_for(lock, stop, period, [] { return false; });
      const std::uint64_t now = inspector_.handled();
      idle_periods = now == before ? idle_periods + 1 : 0;
      if (now != before) reported = false;
      before = now;
      if (idle_periods < 4 || reported || !watching_ || run != runs_ || context_.outstanding.value() == 0) continue;
      reported = true;
      lock.unlock();
      const std::string report = describe();
      const bool give_up = context_.options.on_hang && context_.options.on_hang(report);
      if (!context_.options.on_hang) std::fprintf(stderr, "settle: %s\n", report.c_str());
      if (give_up) caf::anon_send(context_.gate, GiveUp{report});
      lock.lock();
    }
  }
}

template <class Scalar>
std::string HangReporter<Scalar>::describe() const {
  std::string text = "no message was handled for " + std::to_string(context_.options.hang_after.count()) +
                     " ms; outstanding: " + std::to_string(context_.outstanding.value());
  for (const std::string& line : inspector_.waits()) text += "\n  " + line;
  return text;
}

template class HangReporter<float>;
template class HangReporter<double>;

}  // namespace settle
