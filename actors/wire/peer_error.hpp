// Purpose: the typed exceptions about other hosts (graph/error.hpp has all others). Thread rule: exceptions are values.
#pragma once

#include "graph/error.hpp"

namespace settle {

using PeerGone = ErrorOf<ExitCode::peer_gone>;  // another process is gone or never came
class HostsMissing : public PeerGone {          // who was waited for did not come: waiting again would not help
 public:
  using PeerGone::PeerGone;
};
using NotAuthorised = ErrorOf<ExitCode::not_authorised>;  // who does not belong to this run, or cannot show it

}  // namespace settle
