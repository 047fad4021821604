// Purpose: the activation functions of neural networks beyond tanh, relu, sigmoid and softplus (graph/ops/unary.hpp),
// element by element; their attributes are those of ONNX.
//   leaky_relu        x > 0 ? x : alpha x                   thresholded_relu  x > alpha ? x : 0
//   elu               x > 0 ? x : alpha (e^x - 1)           celu              x > 0 ? x : alpha (e^(x / alpha) - 1)
//   selu              gamma (x > 0 ? x : alpha (e^x - 1))   swish             x sigmoid(alpha x); silu where alpha = 1
//   hard_sigmoid      min(1, max(0, alpha x + beta))        hard_swish        x hard_sigmoid(x; 1/6, 1/2)
//   gelu              x (1 + erf(x / sqrt 2)) / 2           gelu by tanh      x (1 + tanh(sqrt(2/pi) (x + 0.044715
//   x^3))) / 2 softsign          x / (1 + |x|)                         mish              x tanh(log(1 + e^x))
// At a kink the derivative is the left one of leaky_relu, elu, celu, selu and thresholded_relu, 0 of hard_sigmoid, and
// that of the outer piece of hard_swish. None overflows for a finite x. NaN stays NaN.
// Errors: BadConfig for celu's alpha = 0. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr leaky_relu_op(double alpha = 0.01);
OpPtr thresholded_relu_op(double alpha = 1);
OpPtr elu_op(double alpha = 1);
OpPtr celu_op(double alpha = 1);
// The constants in full; ONNX defines its own defaults as these rounded to float.
OpPtr selu_op(double alpha = 1.6732632423543772848, double gamma = 1.0507009873554804934);
OpPtr swish_op(double alpha = 1);
OpPtr hard_sigmoid_op(double alpha = 0.2, double beta = 0.5);
OpPtr hard_swish_op();
OpPtr gelu_op();
OpPtr gelu_by_tanh_op();
OpPtr softsign_op();
OpPtr mish_op();

OperatorFamily activations_family();

}  // namespace settle
