// Purpose: the buffers that one sender fills and sends. A buffer comes back by itself when the last receiver lets go of
// it: no message allocates a tensor once as many buffers exist as are ever in flight together.
// Thread rule: the owner only; receivers may let go from any thread.
#pragma once

#include <atomic>
#include <vector>

#include "graph/payload.hpp"

namespace settle {

template <class Scalar>
class TensorPool {
 public:
  // To be written and then sent: contents unspecified, and nobody else holds it. Requires: not of one element.
  Payload<Scalar> acquire(const Shape& shape) {
    for (Payload<Scalar>& buffer : buffers_)
      if (buffer.use_count() == 1) {
        // Pairs with the release in the last receiver's decrement: its reads happen before our writes.
        std::atomic_thread_fence(std::memory_order_acquire);
        buffer.tensor().resize(shape);
        return buffer;
      }
    return buffers_.emplace_back(Payload<Scalar>::of(shape));
  }

  std::size_t size() const noexcept { return buffers_.size(); }

 private:
  std::vector<Payload<Scalar>> buffers_;
};

}  // namespace settle
