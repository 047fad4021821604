// Purpose: denormals are flushed to zero alike in every thread that computes: they slow products several times, and a
// thread that kept them would give other bits than one that does not.
// Thread rule: acts on the calling thread only.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace settle {

// Sets flush-to-zero and denormals-are-zero for its lifetime.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040U); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() = default;
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  unsigned before_;
#endif
};

}  // namespace settle
