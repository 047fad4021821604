// Purpose: proves derivatives: compares what a kernel's adjoint computes with central differences of its forward
// function, in double, at a non-zero adjoint. For whoever adds an operator or an energy, in this project or outside it.
//   L(x) = sum of r * f(x), r random and fixed by the case's name;  adjoint of input k  against  dL/dx_k
// Differences are taken at two steps and extrapolated (Richardson), so that a right adjoint agrees to about 1e-9.
// The error is relative to the largest derivative of the same input; where all vanish, it is absolute.
// Caller: tests. Thread rule: pure functions.
#pragma once

#include <string>

#include "graph/energies/list.hpp"
#include "graph/function.hpp"

namespace settle {

struct GradientError {
  double worst = 0;   // infinite where a derivative is NaN
  std::string where;  // "tanh: input 0, element 3: adjoint 0.5, differences 0.7"

  // Keeps the worse of both.
  void merge(const GradientError& other);
};

// The adjoints of all inputs, assigned and accumulated, against differences. Requires: as GradientCase.
GradientError check_gradient(const GradientCase& gradient_case);

// The same adjoints and the forward function, computed in float, against those in double.
GradientError check_float(const GradientCase& gradient_case);

// The weighted error -dE/dz, and where precisions are inferred the volatility error -dE/dp, of an energy E(v, z, p)
// against differences of E, and E from the weighted error against E.
GradientError check_energy(const Energy& energy, const EnergyCase& energy_case);

// The same errors and energies, computed in float, against those in double.
GradientError check_energy_float(const Energy& energy, const EnergyCase& energy_case);

}  // namespace settle
