// Purpose: working memory of a kernel, kept between calls: a trial after the first allocates nothing.
// Thread rule: one memory a thread, precision and use; a kernel must not call another that uses it while it holds it.
#pragma once

#include "graph/tensor.hpp"

namespace settle {

// Whose memory it is: that of a kernel, or of what kernels call while they hold theirs.
enum class ScratchUse { kernel, product };

// `count` elements of unspecified content, valid until the thread's next call for the same use.
template <class Scalar, ScratchUse = ScratchUse::kernel>
Scalar* scratch(std::int64_t count) {
  thread_local Tensor<Scalar> memory;
  memory.resize({count});
  return memory.data();
}

}  // namespace settle
