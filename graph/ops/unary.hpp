// Purpose: functions of one tensor, element by element: y[i] = f(x[i]), a_x[i] = f'(x[i]) a_y[i].
// float runs on Eigen's packets: tanh and sigmoid are its rational approximations, and an element near the end of a
// tensor may come from the scalar code, so equal inputs at different positions may differ in the last bits (a position
// always gives the same bits). double agrees with the standard library's functions to 1e-15 relative.
// At a kink (relu and abs at 0) the derivative is 0. softplus and sigmoid overflow for no input. NaN stays NaN.
// Errors: none beyond the number of inputs. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr identity_op();  // a copy
OpPtr neg_op();
OpPtr tanh_op();
OpPtr relu_op();
OpPtr sigmoid_op();
OpPtr softplus_op();
OpPtr exp_op();
OpPtr log_op();
OpPtr sqrt_op();
OpPtr sin_op();
OpPtr cos_op();
OpPtr tan_op();
OpPtr abs_op();
OpPtr square_op();

// The language's functions of one tensor, dropout(x, ratio=0.5) among them, which is x itself as at test time, and the
// cases of all operators above.
OperatorFamily unary_family();

}  // namespace settle
