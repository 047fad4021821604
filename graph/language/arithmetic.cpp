#include "graph/language/arithmetic.hpp"

#include <cmath>

namespace settle::language {

double calculate(NodeKind kind, double a, double b) {
  switch (kind) {
    case NodeKind::add:
      return a + b;
    case NodeKind::subtract:
      return a - b;
    case NodeKind::multiply:
      return a * b;
    case NodeKind::divide:
      return a / b;
    case NodeKind::power:
      return std::pow(a, b);
    default:
      return -a;
  }
}

std::string written_out(std::string base, const std::vector<std::int64_t>& indices) {
  for (std::size_t i = 0; i < indices.size(); ++i) base += (i == 0 ? "[" : ",") + std::to_string(indices[i]);
  return indices.empty() ? base : base + "]";
}

}  // namespace settle::language
