// Purpose: the explicit list of operator families. The language looks functions up here, the gradient test walks it.
// Thread rule: built once, on first use; immutable afterwards.
#pragma once

#include <span>
#include <string_view>

#include "graph/function.hpp"

namespace settle {

std::span<const OperatorFamily> operator_families();

// Null where no family has a function of that name.
const FunctionSpec* find_function(std::string_view name);

}  // namespace settle
