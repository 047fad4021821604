#include "graph/energies/list.hpp"

namespace settle {

std::span<const EnergyFamily> energy_families() {
  static const EnergyFamily families[] = {gaussian_family(), categorical_family(), bernoulli_family()};
  return families;
}

}  // namespace settle
