// Purpose: an expression of several operators as one operator, so that functions which are made of others declare
// gradient cases too. Its kernels run the compiled expression from scratch in every call: for checks, not for models,
// which use the expression itself. Caller: graph/ops/*.cpp only. Thread rule: as Op.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/function.hpp"

namespace settle {

// `make` is given the inputs as vertices. Requires: it uses all of them.
using MakeExpression = std::function<ExpressionPtr(const std::vector<ExpressionPtr>& inputs)>;
OpPtr composed_op(const std::string& name, MakeExpression make);

}  // namespace settle
