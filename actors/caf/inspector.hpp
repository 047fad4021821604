// Purpose: says what the vertices of this host wait for and how busy they are while they run, without disturbing them:
// each is asked by an order in its mailbox, which it answers between two acts; one that does not within a second is
// inside an act, or no thread is free. On hosts other than 0 a thread of its own, which a wedged scheduler cannot
// silence, replies to what host 0 asks. Thread rule: all functions by any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/caf/context.hpp"
#include "actors/hosts/control.hpp"

namespace settle {

template <class Scalar>
class Inspector {
 public:
  explicit Inspector(Context<Scalar>& context);

  // "vertex 'h': relax, waits for ..." for every vertex that waits, in graph order; a last one for those that did not
  // answer.
  std::vector<std::string> waits() const;
  std::uint64_t handled() const;  // by all its vertices

  // Of this host, as Inspectable.
  std::vector<std::string> stacks() const;
  HostActivity activity() const;

  // The reply goes to host 0, soon. Requires: this is another host.
  void reply_to(const Inspection& inspection);

 private:
  void serve(const std::stop_token& stop);
  Reply answer(const Inspection& inspection) const;

  Context<Scalar>& context_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::deque<Inspection> open_;
  std::jthread thread_;  // last: it ends first
};

}  // namespace settle
