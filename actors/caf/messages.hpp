// Purpose: the coordinator's messages, made known to CAF (what vertices understand is in parcel.hpp). They stay inside
// one process: CAF never serialises them (its float serialisation is lossy; see DESIGN "Threads, processes, machines").
#pragma once

#include <caf/all.hpp>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "actors/hosts/control.hpp"

namespace settle {

struct PhaseDone {};  // the count came to zero
struct GiveUp {       // the hang reporter ends the run
  std::string report;
};

struct ControlArrived {
  HostId from = 0;
  ControlKind kind = ControlKind::begin;
  Bytes content;
};
struct HostLost {
  HostId host = 0;
  std::string cause;
};

// Collects what vertices wait for.
struct WaitReport {
  std::mutex mutex;
  std::condition_variable answered;
  std::size_t answers = 0;
  std::vector<std::pair<VertexId, std::string>> waiting;
};
using DescribeWait = std::shared_ptr<WaitReport>;

template <class Scalar>
struct RunFeed {
  TrialFeed<Scalar>* feed = nullptr;
  std::shared_ptr<std::promise<void>> promise;
};

}  // namespace settle

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::PhaseDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::GiveUp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::ControlArrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::HostLost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::RunFeed<float>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(settle::RunFeed<double>)
