// Purpose: what several operator files need: argument counts of `infer`, and how calls of the language give options.
// Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "graph/function.hpp"
#include "graph/shape.hpp"
#include "graph/tensor.hpp"

namespace settle {

// Errors: BadConfig where `inputs` has another length.
void require_inputs(std::string_view op, std::span<const Shape> inputs, std::size_t count);

// "name(x)" or "name(x, y)": a function that only applies `op` to its one or two tensor arguments.
FunctionSpec plain_function(const std::string& name, OpPtr op, std::size_t arguments);

// A whole number of a named argument, or `fallback` where the call does not give it. Errors: as integer_argument.
std::int64_t named_integer(const Call& call, const std::string& name, std::int64_t fallback);

// A number of a named argument, or `fallback` where the call does not give it. Errors: as number_argument.
double named_number(const Call& call, const std::string& name, double fallback);

// A named switch: 0 or 1, or `fallback` where the call does not give it. Errors: BadConfig.
bool named_switch(const Call& call, const std::string& name, bool fallback);

// Gives a function its parameter "weight", "bias", ...
using MakeParameter = std::function<ExpressionPtr(const std::string& suffix, const Shape&, const Initializer&)>;

// The vertex's own parameters or, where the call has share=NAME, NAME.weight and so on. `call` must outlive the result.
// Errors: BadConfig where share is not a name.
MakeParameter parameter_maker(const Call& call, const std::string& function);

}  // namespace settle
