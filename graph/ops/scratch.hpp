// Purpose: working memory of a kernel, kept between calls: a trial after the first allocates nothing.
// Thread rule: one memory a thread and precision; a kernel must not call another that uses it while it holds it.
#pragma once

#include "graph/tensor.hpp"

namespace settle {

// `count` elements of unspecified content, valid until the thread's next call.
template <class Scalar>
Scalar* scratch(std::int64_t count) {
  thread_local Tensor<Scalar> memory;
  memory.resize({count});
  return memory.data();
}

}  // namespace settle
