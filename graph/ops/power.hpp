// Purpose: powers, which the language writes x ^ y and pow(x, y). Shapes broadcast as in arithmetic.
// Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// a^b. A negative base with a fractional exponent is NaN, as std::pow has it; where a is 0 and b >= 0, the derivative
// to b is 0.
OpPtr pow_op();
// x^exponent; exponents 0, 1, 2, 3, 4, -1, -2 and 0.5 are products, quotients and roots, exact to their roundings.
OpPtr power_op(double exponent);

// x ^ y: power_op where y is a scalar constant, else pow_op.
ExpressionPtr power(const ExpressionPtr& x, const ExpressionPtr& y);

OperatorFamily power_family();

}  // namespace settle
