// Purpose: one process's part of an executor on CAF: the actor system, the actors of the vertices that are here, where
// messages from other hosts go in, and what is asked of the vertices between runs. The gate, a coordinator or a worker,
// is spawned by who makes the host. Thread rule: one owner; `message`, `control` and `lost` by any thread.
#pragma once

#include <functional>
#include <optional>

#include "actors/caf/context.hpp"
#include "actors/caf/hang_reporter.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

// Never parses arguments or files: Boost.Program_options owns the command line.
class SystemConfig final : public caf::actor_system_config {
 public:
  explicit SystemConfig(unsigned threads);
};

template <class Scalar>
class CafHost final : public Arrivals<Scalar> {
 public:
  // Errors: BadConfig, as make_caf_executor.
  CafHost(GraphPtr graph, const NodeSettings<Scalar>& settings, const CafOptions<Scalar>& options);
  ~CafHost() override;

  Context<Scalar>& context() noexcept { return context_; }
  caf::actor_system& system() noexcept { return system_; }
  HangReporter<Scalar>& hang_reporter() noexcept { return *hang_reporter_; }
  const Inspector<Scalar>& inspector() const noexcept { return *inspector_; }
  // Of what comes from other hosts, before the gate is told.
  struct Watch {
    std::function<bool(const ControlArrived&)> control = nullptr;  // true: it is dealt with, the gate is not told
    std::function<void(const HostLost&)> lost = nullptr;
  };
  // From here on messages come.
  void start(caf::actor gate, Watch watch = {});

  void message(VertexId receiver, const Message<Scalar>& message) override;
  void control(HostId from, std::uint16_t kind, std::span<const char> content) override;
  void lost(HostId host, const std::string& cause) override;

  // --- of the vertices that are here, while nothing is outstanding ---
  NodeCore<Scalar>& core(VertexId id) const { return context_.shells[id]->core(); }
  State<Scalar> save() const;
  void restore(const State<Scalar>& state, bool partial);
  AgeHistogram ages() const;
  std::map<VertexId, VertexReport> reports() const;
  Reply answer(const Query& query);

 private:
  void observe_versions();
  bool fits(VertexId receiver, const Message<Scalar>& message) const;  // that vertex is here and has the slot
  template <class Visit>
  void each(Visit visit) const;  // own vertex

  SystemConfig config_;
  Context<Scalar> context_;
  caf::actor_system system_;
  Watch watch_;
  std::optional<Inspector<Scalar>> inspector_;
  std::optional<HangReporter<Scalar>> hang_reporter_;
};

}  // namespace settle
