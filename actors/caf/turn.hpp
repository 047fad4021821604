// Purpose: one turn of a vertex: what it handles, and where its core puts what it sends. Sends are held back until the
// act that made them is over; then the outstanding count changes once, by sends less handled, and they are posted. A
// vertex that sends as many as it has handled touches no memory that all threads share.
// Thread rule: lives on the stack of the thread that resumes the vertex.
#pragma once

#include <array>

#include "actors/caf/context.hpp"
#include "actors/caf/parcel.hpp"
#include "actors/work_watch.hpp"

namespace settle {

template <class Scalar>
class Turn final : public Outbox<Scalar> {
 public:
  Turn(Context<Scalar>& context, VertexId id, caf::execution_unit* unit) : context_(context), id_(id), unit_(unit) {}
  ~Turn() override { settle(); }

  // Runs one delivery and counts it off. What it throws is the run's failure.
  template <class Delivery>
  void handle(Delivery deliver) {
    if (context_.trace)
      trace(deliver);
    else
      attempt(deliver);
    ++handled_;
    if (held_ > 0) settle();
  }
  std::uint64_t handled() const noexcept { return total_handled_; }
  // The core asked for another turn.
  bool wakes() const noexcept { return wakes_; }
  // Counts and posts everything so far.
  void settle();

  // The message that is handled next comes from there.
  void arrived(const ActorTrace::Origin& origin) { context_.trace->arrived(id_, origin); }

  void send(VertexId receiver, const Message<Scalar>& message) override;
  void wake() override;
  std::uint32_t newest(MessageKind kind, Slot slot) override;

 private:
  struct Send {
    VertexActor<Scalar>* receiver;
    MessageParcel<Scalar>* parcel;  // owned
  };

  void send_away(VertexId receiver, const Message<Scalar>& message);
  template <class Delivery>
  void attempt(Delivery& deliver) {
    try {
      deliver();
    } catch (...) {
      context_.fail(std::current_exception());
    }
  }
  template <class Delivery>
  void trace(Delivery& deliver) {
    const WorkWatch watch(report());
    const Instant begin = context_.trace->begins(lane());
    attempt(deliver);
    if (watch.worked(report())) note_work(begin, watch.acts(report()));
  }
  const VertexReport& report() const;
  void note_work(Instant begin, std::uint32_t acts);
  std::uint32_t lane() const;  // of the thread

  Context<Scalar>& context_;
  VertexId id_;
  caf::execution_unit* unit_;
  std::int64_t raised_ = 0;   // not yet in the outstanding count
  std::int64_t handled_ = 0;  // likewise
  std::uint64_t total_handled_ = 0;
  std::size_t held_ = 0;
  bool wakes_ = false;
  std::array<Send, 32> sends_;  // the first held_
};

}  // namespace settle
