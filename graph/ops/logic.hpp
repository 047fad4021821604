// Purpose: comparisons and logic, element by element, with numpy's broadcasting. A result is 1 or 0; what is not 0 is
// true. A comparison with NaN is false, and NaN is true, as in numpy. All adjoints are 0.
// Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr equal_op();
OpPtr greater_op();
OpPtr greater_equal_op();
OpPtr less_op();
OpPtr less_equal_op();
OpPtr logical_and_op();
OpPtr logical_or_op();
OpPtr logical_xor_op();
OpPtr logical_not_op();
OpPtr is_nan_op();

OperatorFamily logic_family();

}  // namespace settle
