// Purpose: inputs of gradient cases, the same in every run. Caller: graph/ops/*.cpp and graph/energies only. Thread
// rule: pure functions.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "graph/function.hpp"

namespace settle {

// Values on [low, high), a function of the name and the shape.
Tensor<double> case_values(std::string_view name, const Shape& shape, double low = -2, double high = 2);

// Negates every other element, so that positions of both signs alternate.
void flip_every_other(Tensor<double>& values);

// A function of one tensor, named as its operator, at random points of [low, high), or at the points given.
GradientCase case_between(const OpPtr& op, double low, double high);
GradientCase case_at(const std::string& name, const OpPtr& op, std::initializer_list<double> points);

// Cases of an elementwise function of two tensors for every way in which shapes broadcast: the first operand on
// (0.5, 1.4) and, every other element, (2.5, 3.4); the second on (1.5, 2): positive, and on both sides of a tie.
void add_broadcast_cases(OperatorFamily& family, const OpPtr& op);

}  // namespace settle
