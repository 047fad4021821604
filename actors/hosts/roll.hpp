// Purpose: which hosts a run has at present. A host keeps its rank for good, while HostId counts those that are there:
// it is the place in the roll, which is in the order of ranks. Thread rule: value types; pure functions.
#pragma once

#include <string>
#include <vector>

#include "actors/host_address.hpp"
#include "actors/hosts/coding.hpp"
#include "actors/placement.hpp"

namespace settle {

struct HostCard {
  HostId rank = 0;
  HostAddress place;  // where it listens, as others reach it
  std::string machine;
  std::uint32_t process = 0;
};

using Roll = std::vector<HostCard>;

// The card of this process.
HostCard own_card(HostId rank, const HostAddress& place);

// "host 2 (process 4711 on n1)".
std::string name_of(const HostCard& card);

void code(auto& coder, HostAddress& it) { coder(it.address, it.port); }
void code(auto& coder, HostCard& it) { coder(it.rank, it.place, it.machine, it.process); }

}  // namespace settle
