// Purpose: the elementary functions beyond those of graph/ops/unary.hpp, element by element: hyperbolic functions and
// inverses, rounding, and the forms that are exact near 0. round takes halves to the even neighbour.
// sign, floor, ceil and round have derivative 0 everywhere. Outside a function's domain the result is NaN, and NaN
// stays NaN. Errors: none beyond the number of inputs. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr sinh_op();
OpPtr cosh_op();
OpPtr asin_op();
OpPtr acos_op();
OpPtr atan_op();
OpPtr asinh_op();
OpPtr acosh_op();
OpPtr atanh_op();
OpPtr sign_op();
OpPtr floor_op();
OpPtr ceil_op();
OpPtr round_op();
OpPtr erf_op();
OpPtr reciprocal_op();
OpPtr log1p_op();  // log(1 + x)
OpPtr expm1_op();  // exp(x) - 1

OperatorFamily elementary_family();

}  // namespace settle
