// Purpose: the families of ONNX operators, each in a file of its name. `list.cpp` joins them: a new family is one line
// here and one there. Thread rule: immutable tables.
#pragma once

#include <span>

#include "graph/onnx/operator.hpp"

namespace settle::onnx {

std::span<const Operator> arithmetic_operators();
std::span<const Operator> constant_operators();
std::span<const Operator> convolution_operators();
std::span<const Operator> elementwise_operators();
std::span<const Operator> gru_operators();
std::span<const Operator> indexing_operators();
std::span<const Operator> linear_algebra_operators();
std::span<const Operator> logic_operators();
std::span<const Operator> loss_operators();
std::span<const Operator> lstm_operators();
std::span<const Operator> normalisation_operators();
std::span<const Operator> piece_operators();
std::span<const Operator> reduction_operators();
std::span<const Operator> rnn_operators();
std::span<const Operator> shape_operators();

// Every operator there is, for lists of what is supported.
std::span<const std::span<const Operator>> operator_families();

}  // namespace settle::onnx
