// Purpose: hands vertices that tick themselves their wakes. A wake that a vertex sent to itself would be handled in the
// same turn of its thread: it would act tens of times on slots that no neighbour had a turn to renew, a delay that
// strict relaxation does not survive. On its way through this actor the wake arrives after every neighbour that was
// ready has had its turn, behind what they sent. Thread rule: an actor.
#pragma once

#include "actors/caf/context.hpp"
#include "actors/caf/messages.hpp"

namespace settle {

template <class Scalar>
caf::behavior ticker(caf::event_based_actor*, const Context<Scalar>* context) {
  return {[context](const TickOf& tick) { caf::anon_send(context->vertices[tick.vertex], WakeUp{}); }};
}

}  // namespace settle
