#include "sim/stability.hpp"

#include <algorithm>
#include <cmath>

#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {
namespace {

constexpr double kRunaway = 1e3;
constexpr double kAtRest = 1e-12;
constexpr double kShrinks = 0.99;
constexpr double kResolution = 1e-3;

class LargestChanges final : public RelaxationObserver<double> {
 public:
  explicit LargestChanges(std::uint64_t steps) : steps_(steps) {}

  void sample(const RelaxationSample<double>& sample) override {
    double largest = 0;
    values_.resize(sample.graph().size());
    for (VertexId id = 0; id < values_.size(); ++id) {
      Tensor<double> now = observe_node(sample.node(id), Quantity::value);
      for (std::size_t i = 0; sample.step() > 0 && i < now.flat().size(); ++i) {
        const double change = std::abs(now.flat()[i] - values_[id].flat()[i]);
        if (!(change <= kRunaway)) ran_away_ = true;
        largest = std::max(largest, change);
      }
      values_[id] = std::move(now);
    }
    const std::uint64_t step = sample.step();  // whose change it is, counted from 1
    if (step > steps_ / 2 && step <= steps_ * 2 / 3) early_ = std::max(early_, largest);
    if (step > steps_ - steps_ / 6) late_ = std::max(late_, largest);
  }

  bool stable() const { return !ran_away_ && (late_ < kShrinks * early_ || late_ < kAtRest); }

 private:
  std::uint64_t steps_;
  std::vector<Tensor<double>> values_;
  double early_ = 0;
  double late_ = 0;
  bool ran_away_ = false;
};

}  // namespace

bool is_stable(const GradientProblem<double>& problem, const NodeSettings<double>& settings,
               const NetworkOptions& network) {
  const auto executor = make_virtual_time_executor(problem.graph, settings, network);
  executor->restore(problem.parameters, true);
  LargestChanges changes(settings.steps.value());
  executor->observe_with(&changes);
  const TrialReport<double> report = run_trial(*executor, problem.trial);
  return !report.diverged && changes.stable();
}

std::optional<double> largest_stable_rate(const std::function<bool(double rate)>& stable) {
  double low = 0;
  double high = 1;
  while (stable(high)) {
    if (high > 1e6) return std::nullopt;
    low = high;
    high *= 2;
  }
  while (high - low > kResolution * high) {
    const double middle = (low + high) / 2;
    (stable(middle) ? low : high) = middle;
    if (high < 1e-9) return 0;
  }
  return low;
}

}  // namespace settle
