#include "actors/hosts/roll.hpp"

#include <sched.h>
#include <unistd.h>

#include <array>

namespace settle {

std::string this_machine() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

HostCard own_card(HostId rank, const HostAddress& place) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  ::sched_getaffinity(0, sizeof allowed, &allowed);
  std::string cores;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &allowed)) cores += std::to_string(core) + " ";
  return {rank, place, this_machine(), static_cast<std::uint32_t>(::getpid()), cores};
}

std::string name_of(const HostCard& card) {
  return "host " + std::to_string(card.rank) + " (process " + std::to_string(card.process) + " on " + card.machine +
         ")";
}

}  // namespace settle
