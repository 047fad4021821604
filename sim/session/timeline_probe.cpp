#include "sim/session/timeline_probe.hpp"

namespace settle {

template <class Scalar>
std::uint64_t TimelineProbe<Scalar>::boundary(std::uint64_t trials) const noexcept {
  if (trials + 1 < trials_.first) return trials_.first - 1;
  return trials < trials_.last ? trials_.last : UINT64_MAX;
}

template <class Scalar>
void TimelineProbe<Scalar>::before(std::uint64_t trials, Executor<Scalar>& executor) {
  if (trials + 1 < trials_.first || trials >= trials_.last) return;
  if (!timeline_) {
    timeline_.emplace(kMostRecords);
    first_ = trials + 1;
  }
  executor.record(&*timeline_);
}

template <class Scalar>
std::string TimelineProbe<Scalar>::after(std::uint64_t trials, bool ends, Executor<Scalar>& executor) {
  if (!timeline_) return {};
  executor.record(nullptr);  // trials of an evaluation are not recorded
  if ((trials < trials_.last && !ends) || timeline_->spans.empty()) return {};
  const std::filesystem::path file =
      directory_ / (first_ == trials_.first ? "timeline.json" : "timeline_from_" + std::to_string(first_) + ".json");
  write_timeline(*timeline_, *graph_, lanes_, file);
  std::string text = "timeline of trials " + std::to_string(first_) + " to " + std::to_string(trials) + ": " +
                     file.string() + " (open it in ui.perfetto.dev or chrome://tracing)";
  if (timeline_->complete_before() != kNever)
    text += "; it holds the first " + std::to_string(kMostRecords) + " records, the others are left out";
  timeline_.reset();
  return text;
}

template class TimelineProbe<float>;
template class TimelineProbe<double>;

}  // namespace settle
