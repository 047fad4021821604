#include "actors/hosts/roll.hpp"

#include <unistd.h>

#include <array>

namespace settle {

HostCard own_card(HostId rank, const HostAddress& place) {
  std::array<char, 256> machine{};
  ::gethostname(machine.data(), machine.size() - 1);
  return {rank, place, machine.data(), static_cast<std::uint32_t>(::getpid())};
}

std::string name_of(const HostCard& card) {
  return "host " + std::to_string(card.rank) + " (process " + std::to_string(card.process) + " on " + card.machine +
         ")";
}

}  // namespace settle
