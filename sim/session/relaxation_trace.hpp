// Purpose: how one trial relaxes in virtual time, a row a sample, thinned to at most kMostRows that are evenly spread,
// the first and the last among them.
//   CSV "step,tick,free_energy,gradient_error,messages", then "gradient_error_closed_form" where theory says something
//   and "error:NAME" of every computed vertex
// step: of lockstep, or the number of the sample; gradient_error: |g - g_bp| / |g_bp| over all parameters of what would
// be read out now, empty where there is no backprop; messages: sent by then; error:NAME: the root mean square over the
// batch of |v - v^|. Caller: trace_probe.cpp. Thread rule: as the executor that it observes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/gradients.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
class RelaxationTrace final : public RelaxationObserver<Scalar> {
 public:
  static constexpr std::size_t kMostRows = 400;

  struct Options {
    const GradientProblem<Scalar>& problem;
    const Gradients<Scalar>* backprop = nullptr;  // null: there is none
    std::function<double(std::uint64_t step)> closed_form = nullptr;
    std::uint64_t last_step = ~std::uint64_t{0};  // where it is known, what is thinned out is not looked at
  };

  // Requires: `executor` and what `options` points to outlive it.
  RelaxationTrace(VirtualTimeExecutor<Scalar>& executor, Options options)
      : executor_(executor), options_(std::move(options)) {}

  void sample(const RelaxationSample<Scalar>& sample) override;
  std::string csv() const;

 private:
  std::string row(const RelaxationSample<Scalar>& sample);

  VirtualTimeExecutor<Scalar>& executor_;
  Options options_;
  std::vector<std::string> rows_;
  std::string newest_;  // not among the rows: the last one, if no other comes
  std::uint64_t samples_ = 0;
  std::uint64_t stride_ = 1;
};

}  // namespace settle
