// Purpose: how fast messages between vertices go from one process of this machine to another: this process is one host,
// a child that it forks the other, with a Gateway each and nothing else. Thread rule: the calling process has one
// thread, since it forks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace settle {

struct HostBenchmark {
  double tensor_bytes_per_second = 0;    // of 1 MB tensors
  double tensor_cpu_per_gigabyte = 0;    // seconds of processor time, of both processes together
  double messages_per_second = 0;        // of 1 KB
  double round_trip_median = 0;          // seconds, of 64 bytes there and back
  double round_trip_99 = 0;              // seconds, the 99th of a hundred
  double stopped_sender_bytes = 0;       // resident, while the other process is stopped and this one sends on
  double stopped_receiver_bytes = 0;     // resident, of the stopped one
  std::size_t stopped_queued_bytes = 0;  // that waited in the sender until it was told to wait
};

// Each figure is the median of `rounds`. Errors: CannotCreate without a second process, PeerGone where it is lost.
HostBenchmark time_hosts(bool plain, std::int64_t rounds);

}  // namespace settle
