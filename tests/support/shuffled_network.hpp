// Purpose: an executor for tests of the pure core: all that is in flight lies in one bag, and a seeded draw decides
// what arrives next, so that messages overtake each other on every edge; on request some arrive twice, as after a
// resend. Phases are gated by an empty bag. Caller: tests. Thread rule: one owner.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "graph/random.hpp"

namespace settle::test {

template <class Scalar>
class ShuffledNetwork {
 public:
  ShuffledNetwork(GraphPtr graph, const NodeSettings<Scalar>& settings, std::uint64_t seed, bool duplicates)
      : graph_(std::move(graph)), settings_(settings), random_(seed, "delivery", "test"), duplicates_(duplicates) {
    for (VertexId id = 0; id < graph_->size(); ++id) {
      cores_.push_back(std::make_unique<NodeCore<Scalar>>(*graph_, id, settings_));
      outboxes_.push_back(std::make_unique<Bag>(*this, id));
    }
  }
  NodeCore<Scalar>& core(VertexId id) { return *cores_[id]; }
  std::uint64_t deliveries() const { return deliveries_; }

  TrialReport<Scalar> run(const Trial& trial) {
    const auto shared = std::make_shared<const Trial>(trial);
    ++number_;
    for (Phase phase = Phase::predict; phase != Phase::idle; phase = next_phase(phase, trial)) run_phase(phase, shared);
    TrialReport<Scalar> report;
    for (VertexId id = 0; id < graph_->size(); ++id) add_report(report, id, cores_[id]->report());
    return report;
  }

 private:
  struct Item {
    enum class Kind { begin, message, wake } kind;
    VertexId receiver;
    Message<Scalar> message;
  };
  class Bag final : public Outbox<Scalar> {
   public:
    Bag(ShuffledNetwork& network, VertexId id) : network_(network), id_(id) {}
    void send(VertexId receiver, const Message<Scalar>& message) override {
      network_.items_.push_back({Item::Kind::message, receiver, message});
      if (network_.duplicates_ && network_.random_.below(4) == 0)
        network_.items_.push_back({Item::Kind::message, receiver, message});
    }
    void wake() override { network_.items_.push_back({Item::Kind::wake, id_, {}}); }
    std::uint32_t newest(MessageKind, Slot) override { return 0; }

   private:
    ShuffledNetwork& network_;
    VertexId id_;
  };

  void run_phase(Phase phase, const std::shared_ptr<const Trial>& trial) {
    const Stamp stamp{number_, phase};
    for (VertexId id = 0; id < graph_->size(); ++id)
      if (NodeCore<Scalar>::starts(*graph_, id, phase, *trial, settings_))
        items_.push_back({Item::Kind::begin, id, {}});
    while (!items_.empty()) {
      std::swap(items_[random_.below(items_.size())], items_.back());
      const Item item = std::move(items_.back());
      items_.pop_back();
      if (++deliveries_ > 1'000'000) throw std::runtime_error("the network does not come to rest");
      NodeCore<Scalar>& core = *cores_[item.receiver];
      Bag& outbox = *outboxes_[item.receiver];
      switch (item.kind) {
        case Item::Kind::begin:
          core.begin(Begin{stamp, trial}, outbox);
          break;
        case Item::Kind::message:
          core.receive(item.message, outbox);
          break;
        case Item::Kind::wake:
          core.wake(outbox);
          break;
      }
    }
    for (VertexId id = 0; id < graph_->size(); ++id)
      if (NodeCore<Scalar>::participates(*graph_, id, phase, *trial, settings_) &&
          cores_[id]->report().completed != stamp)
        throw std::runtime_error("vertex '" + (*graph_)[id].name + "': " + cores_[id]->waits_for());
  }

  GraphPtr graph_;
  NodeSettings<Scalar> settings_;
  RandomStream random_;
  bool duplicates_;
  std::uint64_t number_ = 0;
  std::uint64_t deliveries_ = 0;
  std::vector<Item> items_;
  std::vector<std::unique_ptr<NodeCore<Scalar>>> cores_;
  std::vector<std::unique_ptr<Bag>> outboxes_;
};

}  // namespace settle::test
