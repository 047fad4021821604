// Purpose: how a problem's gradient develops in virtual time, in one run: a row a sample.
//   CSV "step,free_energy,gradient_error,max_update,messages,tick", and "gradient_error_closed_form" where it is given
// step: of lockstep, or the number of the sample; max_update: the largest change of any free value since the row
// before; messages: sent by then. Otherwise as gradient_trace (sim/gradients.hpp). Callers: settle gradient --trace,
// the studies' measure `gradient`. Thread rule: as the executor that it observes.
#pragma once

#include <functional>

#include "sim/gradients.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
class VirtualGradientTrace final : public RelaxationObserver<Scalar> {
 public:
  // What theory says the error is at that moment.
  using ClosedForm = std::function<double(const RelaxationSample<Scalar>& sample)>;

  // Requires: all outlive it; the executor runs the problem's trial, under `rule`.
  VirtualGradientTrace(VirtualTimeExecutor<Scalar>& executor, const GradientProblem<Scalar>& problem,
                       const Rule<Scalar>& rule, const Gradients<Scalar>& backprop, ClosedForm closed_form = nullptr);

  void sample(const RelaxationSample<Scalar>& sample) override;
  const std::string& csv() const noexcept { return csv_; }

 private:
  VirtualTimeExecutor<Scalar>& executor_;
  const GradientProblem<Scalar>& problem_;
  const Rule<Scalar>& rule_;
  const Gradients<Scalar>& backprop_;
  ClosedForm closed_form_;
  std::vector<Tensor<Scalar>> before_;
  std::string csv_ = "step,free_energy,gradient_error,max_update,messages,tick";
};

}  // namespace settle
