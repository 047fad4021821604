// Purpose: y = min(max(x, min), max), element by element; a bound that is not given does not bind. Where min > max, y
// is max everywhere. The derivative is 1 on [min, max], the ends among it, and 0 outside. NaN stays NaN. Errors: none
// beyond the number of inputs; the language's clip(x) with neither bound is refused. Thread rule: pure functions.
#pragma once

#include <optional>

#include "graph/function.hpp"

namespace settle {

OpPtr clip_op(std::optional<double> min, std::optional<double> max);

OperatorFamily clip_family();

}  // namespace settle
