// Purpose: hands the executor one training trial after another up to a boundary, and collects what they report.
// Thread rule: as TrialFeed; its results are read when the run has returned.
#pragma once

#include <functional>
#include <optional>

#include "actors/executor.hpp"
#include "sim/session/binding.hpp"
#include "sim/session/progress_of_run.hpp"
#include "sim/session/sample_order.hpp"

namespace settle {

template <class Scalar>
class TrainingFeed final : public TrialFeed<Scalar> {
 public:
  struct Watch {
    std::function<bool()> stop;  // asked before each trial
    std::function<void(const Trial&, const TrialReport<Scalar>&)> report;
  };

  // Requires: `split` and `binding` outlive the feed.
  TrainingFeed(SampleOrder& order, const Split& split, const Binding& binding, RunProgress& progress, Watch watch)
      : order_(order), split_(split), binding_(binding), progress_(progress), watch_(std::move(watch)) {}

  // The next run goes on while fewer than `trials` are done.
  void until(std::uint64_t trials) noexcept { until_ = trials; }

  std::shared_ptr<const Trial> next() override;
  void finished(const Trial& trial, const TrialReport<Scalar>& report) override;

  std::shared_ptr<const Trial> make_trial(std::uint64_t number);

  // The first vertex that diverged, and in which trial: no further trial was begun.
  struct Divergence {
    VertexId vertex;
    std::uint64_t trial;
  };
  const std::optional<Divergence>& divergence() const noexcept { return divergence_; }

 private:
  SampleOrder& order_;
  const Split& split_;
  const Binding& binding_;
  RunProgress& progress_;
  Watch watch_;
  std::uint64_t until_ = 0;
  std::optional<Divergence> divergence_;
  Tensor<Scalar> scratch_;
};

}  // namespace settle
