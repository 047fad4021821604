// Purpose: watches a run from a thread of its own (a wedged scheduler cannot silence it): where no message was handled
// for `hang_after`, it asks every vertex what it waits for and reports. A vertex that does not answer is inside an act.
// Thread rule: `watch` and `rest` by the executor's caller.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "actors/caf/inspector.hpp"

namespace settle {

template <class Scalar>
class HangReporter {
 public:
  // Requires: both outlive it.
  HangReporter(Context<Scalar>& context, const Inspector<Scalar>& inspector);
  ~HangReporter();

  void watch();  // a run begins
  void rest();   // it has ended

 private:
  void loop(std::stop_token stop);
  std::string describe() const;

  Context<Scalar>& context_;
  const Inspector<Scalar>& inspector_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool watching_ = false;
  std::uint64_t runs_ = 0;
  std::jthread thread_;
};

}  // namespace settle
