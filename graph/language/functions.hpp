// Purpose: functions of the text, NAME(A, B) = EXPRESSION, where they are declared: mistakes that show without a call,
// and which arguments may be mere words.
// Thread rule: pure.
#pragma once

#include "graph/language/model.hpp"

namespace settle::language {

// The symbol of a function, of kind failed after a mistake in its body, which is reported.
// Requires: a statement of that relation.
Symbol declare_function(Model& model, const Statement& statement);

}  // namespace settle::language
