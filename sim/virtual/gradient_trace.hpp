// Purpose: how a case's gradient develops in virtual time, in one run: a row a sample.
//   CSV "step,free_energy,gradient_error,max_update,messages,tick"
// step: of lockstep, or the number of the sample; max_update: the largest change of any free value since the row
// before; messages: sent by then. Otherwise as gradient_trace (sim/gradients.hpp). Caller: settle gradient --trace.
// Thread rule: as the executor that it observes.
#pragma once

#include "sim/gradients.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
class VirtualGradientTrace final : public RelaxationObserver<Scalar> {
 public:
  // Requires: all outlive it; the executor runs the case's trial, under `rule`.
  VirtualGradientTrace(VirtualTimeExecutor<Scalar>& executor, const GradientCase<Scalar>& gradient_case,
                       const Rule<Scalar>& rule, const Gradients<Scalar>& backprop)
      : executor_(executor), case_(gradient_case), rule_(rule), backprop_(backprop), trial_(gradient_case.trial()) {}

  void sample(const RelaxationSample<Scalar>& sample) override;
  const std::string& csv() const noexcept { return csv_; }

 private:
  VirtualTimeExecutor<Scalar>& executor_;
  const GradientCase<Scalar>& case_;
  const Rule<Scalar>& rule_;
  const Gradients<Scalar>& backprop_;
  std::shared_ptr<const Trial> trial_;
  std::vector<Tensor<Scalar>> before_;
  std::string csv_ = "step,free_energy,gradient_error,max_update,messages,tick\n";
};

}  // namespace settle
