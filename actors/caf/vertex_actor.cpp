#include "actors/caf/vertex_actor.hpp"

#include "actors/caf/turn.hpp"

namespace settle {
namespace {

// Frees a chain of parcels; `visit`, while it returns true, is shown each first.
template <class Scalar, class Visit>
void consume(Parcel<Scalar>* first, Visit visit) {
  bool visiting = true;
  while (first) {
    const std::unique_ptr<Parcel<Scalar>> parcel(first);
    first = parcel->next;
    if (visiting) visiting = visit(*parcel);
  }
}

}  // namespace

template <class Scalar>
void MessageParcel<Scalar>::open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) {
  turn.handle([&] { vertex.core().receive(message, turn); });
}

template <class Scalar>
void TracedParcel<Scalar>::open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) {
  turn.arrived(origin);
  MessageParcel<Scalar>::open(vertex, turn);
}

template <class Scalar>
void BeginParcel<Scalar>::open(VertexActor<Scalar>& vertex, Turn<Scalar>& turn) {
  turn.handle([&] { vertex.core().begin(begin, turn); });
}

template <class Scalar>
void DescribeParcel<Scalar>::open(VertexActor<Scalar>& vertex, Turn<Scalar>&) {
  vertex.describe(*report);
}

template <class Scalar>
void QuitParcel<Scalar>::open(VertexActor<Scalar>& vertex, Turn<Scalar>&) {
  vertex.quit();
}

template <class Scalar>
VertexActor<Scalar>::VertexActor(caf::actor_config& config, Context<Scalar>* context, VertexId id)
    : caf::local_actor(config), shared_(context), id_(id) {
  core_.emplace(*context->graph, id, context->settings);
}

template <class Scalar>
VertexActor<Scalar>::~VertexActor() {
  consume(mailbox_.close(), [](auto&) { return false; });
}

template <class Scalar>
void VertexActor<Scalar>::post(std::unique_ptr<Parcel<Scalar>> parcel, caf::execution_unit* unit) {
  using Posted = typename Mailbox<Parcel<Scalar>>::Posted;
  const Posted posted = mailbox_.post(parcel.get());
  if (posted == Posted::closed) return;
  static_cast<void>(parcel.release());
  if (posted == Posted::waits) return;
  intrusive_ptr_add_ref_impl();  // until the scheduler lets go of it
  if (unit)
    unit->exec_later(this);
  else
    home_system().scheduler().enqueue(this);
}

template <class Scalar>
void VertexActor<Scalar>::describe(WaitReport& report) {
  std::string text = core_->waits_for(shared_->stamp());
  const std::lock_guard lock(report.mutex);
  if (!text.empty()) report.waiting.emplace_back(id_, std::move(text));
  ++report.answers;
  report.answered.notify_one();
}

template <class Scalar>
void VertexActor<Scalar>::launch(caf::execution_unit*, bool, bool) {
  register_at_system();
}

template <class Scalar>
void VertexActor<Scalar>::enqueue(caf::mailbox_element_ptr element, caf::execution_unit* unit) {
  if (element->content().match_elements<caf::exit_msg>()) post(std::make_unique<QuitParcel<Scalar>>(), unit);
}

template <class Scalar>
caf::resumable::resume_result VertexActor<Scalar>::resume(caf::execution_unit* unit, std::size_t) {
  Turn<Scalar> turn(*shared_, id_, unit);
  const bool woken = std::exchange(wake_due_, false);
  consume(mailbox_.take(), [&](Parcel<Scalar>& parcel) {
    parcel.open(*this, turn);
    return !quits_;
  });
  if (quits_) {
    end(unit);
    return done;
  }
  if (woken) turn.handle([&] { core_->wake(turn); });
  turn.settle();
  handled_.store(handled() + turn.handled(), std::memory_order_relaxed);
  wake_due_ = turn.wakes();
  return !wake_due_ && mailbox_.rest() ? awaiting_message : resume_later;
}

template <class Scalar>
void VertexActor<Scalar>::end(caf::execution_unit* unit) {
  consume(mailbox_.close(), [](auto&) { return false; });
  core_.reset();
  cleanup(caf::exit_reason::user_shutdown, unit);
}

template struct MessageParcel<float>;
template struct MessageParcel<double>;
template struct TracedParcel<float>;
template struct TracedParcel<double>;
template struct BeginParcel<float>;
template struct BeginParcel<double>;
template struct DescribeParcel<float>;
template struct DescribeParcel<double>;
template struct QuitParcel<float>;
template struct QuitParcel<double>;
template class VertexActor<float>;
template class VertexActor<double>;

}  // namespace settle
