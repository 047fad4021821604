// Purpose: all energies with their gradient-check cases, one explicit list. Adding an energy: one file under
// graph/energies and a line in graph/energies/list.cpp. Caller: the gradient test. Thread rule: immutable.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/energy.hpp"

namespace settle {

// Values at which an energy's errors are compared with central differences.
struct EnergyCase {
  std::string name;
  Tensor<double> value;
  Tensor<double> location;
  double precision = 1;            // of every element
  Tensor<double> precisions = {};  // or of each
  bool inferred = false;
};

struct EnergyFamily {
  EnergyPtr energy;
  std::vector<EnergyCase> cases;
};

EnergyFamily gaussian_family();
EnergyFamily categorical_family();
EnergyFamily bernoulli_family();

std::span<const EnergyFamily> energy_families();

}  // namespace settle
