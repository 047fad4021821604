// Purpose: delay in whole lockstep steps. What a receiver is given at step t is what the sender sent at step
// max(0, t - delay): the step-0 message until then. The messages themselves still come step by step.
// Caller: the executor. Thread rule: one owner.
#pragma once

#include <algorithm>
#include <vector>

#include "graph/payload.hpp"
#include "sim/virtual/link_index.hpp"

namespace settle {

template <class Scalar>
class DelayLine {
 public:
  DelayLine(std::size_t links, std::uint32_t delay) : delay_(delay), kept_(delay > 0 ? links * period() : 0) {}

  // `tensor` is what the link's sender sends at `step`; gives what arrives in its place. Requires: steps in order.
  Payload<Scalar> shift(LinkId link, std::uint32_t step, const Payload<Scalar>& tensor) {
    if (delay_ == 0) return tensor;
    Payload<Scalar>* const line = &kept_[link * period()];
    line[step % period()] = tensor;
    return line[(step - std::min(step, delay_)) % period()];
  }

 private:
  std::size_t period() const noexcept { return std::size_t{delay_} + 1; }

  std::uint32_t delay_;
  std::vector<Payload<Scalar>> kept_;
};

}  // namespace settle
