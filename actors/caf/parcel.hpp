// Purpose: what lies in a vertex's mailbox: its neighbours' messages, the coordinator's word, and orders of the
// executor. One allocation each, no type erasure: a vertex understands nothing else.
// Thread rule: made by who posts it, opened and freed by the vertex.
#pragma once

#include "actors/caf/actor_trace.hpp"
#include "actors/caf/messages.hpp"
#include "actors/node_core.hpp"

namespace settle {

template <class Scalar>
class Turn;
template <class Scalar>
class VertexActor;

template <class Scalar>
struct Parcel {
  virtual ~Parcel() = default;
  // Counted ones call turn.handle.
  virtual void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) = 0;
  Parcel* next = nullptr;
};

template <class Scalar>
struct MessageParcel : Parcel<Scalar> {
  explicit MessageParcel(const Message<Scalar>& content) : message(content) {}
  void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) override;
  Message<Scalar> message;
};

// Where a timeline is recorded.
template <class Scalar>
struct TracedParcel final : MessageParcel<Scalar> {
  TracedParcel(const Message<Scalar>& content, const ActorTrace::Origin& from)
      : MessageParcel<Scalar>(content), origin(from) {}
  void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) override;
  ActorTrace::Origin origin;
};

template <class Scalar>
struct BeginParcel final : Parcel<Scalar> {
  explicit BeginParcel(const Begin& content) : begin(content) {}
  void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) override;
  Begin begin;
};

// Not counted: asks what the vertex waits for.
template <class Scalar>
struct DescribeParcel final : Parcel<Scalar> {
  explicit DescribeParcel(DescribeWait to) : report(std::move(to)) {}
  void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) override;
  DescribeWait report;
};

// Not counted: the vertex's last.
template <class Scalar>
struct QuitParcel final : Parcel<Scalar> {
  void open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) override;
};

}  // namespace settle
