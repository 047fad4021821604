// Purpose: what is said of a name or a function that no line above declares.
// Thread rule: pure.
#pragma once

#include "graph/language/model.hpp"

namespace settle::language {

// Requires: the model knows no such name. `name` is written out: "h[3]".
void report_unknown_name(Model& model, Range at, const std::string& name);
void report_unknown_function(Model& model, const SyntaxNode& call);
// Requires: no distribution is called, or none of that name.
void report_no_distribution(Model& model, const SyntaxNode& call);

// "did you mean 'h1'?", or "".
std::string suggestion(const Model& model, std::string_view word, const std::vector<std::string>& candidates);

}  // namespace settle::language
