// Purpose: arithmetic over numbers, which is done while reading, and the names that numbers are part of.
// Thread rule: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/language/ast.hpp"

namespace settle::language {

// Whole numbers beyond it are refused as indices and in repeats.
inline constexpr double kMostWhole = 1e9;

// What an operator makes of two numbers, a negation of the first. Requires: the kind of an operator.
double calculate(NodeKind kind, double a, double b);

// "h[3]", "w[1,2]", or "h" where there is no index.
std::string written_out(std::string base, const std::vector<std::int64_t>& indices);

}  // namespace settle::language
