// Purpose: the buffers that one sender fills and sends. A buffer comes back by itself when the last receiver lets go of
// it: no message allocates a tensor once as many buffers exist as are ever in flight together.
// Thread rule: `acquire` by the owner only; receivers may release from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "graph/tensor.hpp"

namespace settle {

template <class Scalar>
class TensorPool {
 public:
  // A buffer of that shape, contents unspecified, that nobody else holds.
  std::shared_ptr<Tensor<Scalar>> acquire(const Shape& shape) {
    for (auto& buffer : buffers_)
      if (buffer.use_count() == 1) {
        // Pairs with the release in the last receiver's decrement: its reads happen before our writes.
        std::atomic_thread_fence(std::memory_order_acquire);
        buffer->resize(shape);
        return buffer;
      }
    buffers_.push_back(std::make_shared<Tensor<Scalar>>());
    buffers_.back()->resize(shape);
    return buffers_.back();
  }

  std::size_t size() const noexcept { return buffers_.size(); }

 private:
  std::vector<std::shared_ptr<Tensor<Scalar>>> buffers_;
};

}  // namespace settle
