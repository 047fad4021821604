// Purpose: how actors come to their turns: one queue for all threads, first come, first served. As CAF's own policy of
// work sharing, but without an allocation per turn and with less locking: what a turn makes ready goes into the queue
// together, when the thread takes its next turn; where the queue is long, a thread takes several turns at once; and a
// sleeping thread is woken only for a turn that the present one will not take itself.
// An actor that asks for another turn gets it after everything that is ready now: a vertex that ticks itself acts on
// what its neighbours had the chance to renew. Source: caf/policy/work_sharing.hpp says what a policy needs.
// Caller: caf::scheduler::coordinator<FairSharing>. Thread rule: as CAF's policies.
#pragma once

#include <algorithm>
#include <atomic>
#include <caf/all.hpp>
#include <caf/policy/unprofiled.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace settle {

class FairSharing : public caf::policy::unprofiled {
 public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<caf::resumable*> queue;
    std::atomic<std::size_t> sleepers{0};
  };

  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
    std::vector<caf::resumable*> ready;  // made ready by the present turn
    std::vector<caf::resumable*> taken;  // to be resumed next, last first
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    auto& shared = d(self);
    const std::lock_guard lock(shared.mutex);
    shared.queue.push_back(job);
    if (shared.sleepers > 0) shared.filled.notify_one();
  }
  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    d(self).ready.push_back(job);
    if (d(self).ready.size() < kMostReady) return;
    const std::lock_guard lock(d(self->parent()).mutex);
    share(self, 0);
  }
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    d(self).ready.push_back(job);
  }

  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    auto& taken = d(self).taken;
    auto& shared = d(self->parent());
    if (taken.empty() || (!d(self).ready.empty() && shared.sleepers.load(std::memory_order_relaxed) > 0)) {
      std::unique_lock lock(shared.mutex);
      share(self, taken.empty() ? 1 : 0);
      if (taken.empty()) {
        if (shared.queue.empty()) {
          ++shared.sleepers;
          shared.filled.wait(lock, [&] { return !shared.queue.empty(); });
          --shared.sleepers;
        }
        take(self);
      }
    }
    caf::resumable* job = taken.back();
    taken.pop_back();
    return job;
  }

  template <class Worker>
  void before_shutdown(Worker* self) {
    const std::lock_guard lock(d(self->parent()).mutex);
    auto& taken = d(self).taken;
    d(self).ready.insert(d(self).ready.begin(), taken.rbegin(), taken.rend());
    taken.clear();
    share(self, 0);
  }
  template <class Worker, class Visit>
  void foreach_resumable(Worker*, Visit) {}
  template <class Coordinator, class Visit>
  void foreach_central_resumable(Coordinator* self, Visit visit) {
    auto& queue = d(self).queue;
    while (!queue.empty()) {
      caf::resumable* job = queue.front();
      queue.pop_front();
      visit(job);
    }
  }

 private:
  // A turn that makes so many ready shares them before its end.
  static constexpr std::size_t kMostReady = 64;
  // Turns that a thread takes at once: a part of the queue, so that nobody sleeps beside a thread with much to do.
  static constexpr std::size_t kMostTaken = 16;
  static constexpr std::size_t kPart = 8;

  // Moves what is ready into the queue. Wakes a sleeper for each turn in it but `own`. Requires: the lock.
  template <class Worker>
  void share(Worker* self, std::size_t own) {
    auto& shared = d(self->parent());
    auto& ready = d(self).ready;
    shared.queue.insert(shared.queue.end(), ready.begin(), ready.end());
    ready.clear();
    const std::size_t turns = shared.queue.size() - std::min(own, shared.queue.size());
    for (std::size_t k = std::min(turns, shared.sleepers.load()); k > 0; --k) shared.filled.notify_one();
  }

  // Requires: the lock, and a queue that is not empty.
  template <class Worker>
  void take(Worker* self) {
    auto& queue = d(self->parent()).queue;
    const std::size_t part = queue.size() / (kPart * self->parent()->num_workers());
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(part, 1, kMostTaken));
    d(self).taken.assign(std::make_reverse_iterator(end), queue.rend());
    queue.erase(queue.begin(), end);
  }
};

}  // namespace settle
