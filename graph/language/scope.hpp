// Purpose: names that stand for a value in one part of the text only: the variable of a repeat, the arguments of a
// function that is called. A definition keeps the scope that it stands in.
// Thread rule: immutable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "graph/expression.hpp"

namespace settle::language {

struct Inlined {
  ExpressionPtr expression;      // null after a mistake, which is reported, and for a mere word
  std::optional<double> number;  // where the expression is arithmetic over numbers
  std::uint32_t levels = 0;      // of operators within each other
  std::string word;              // a bare name, as arguments may be (share=W)
};

struct Scope;
using ScopePtr = std::shared_ptr<const Scope>;

struct Scope {
  std::string_view name;
  Inlined value;
  ScopePtr outer;
};

// Null where no scope gives the name a value.
inline const Inlined* find_in(const Scope* scope, std::string_view name) {
  for (; scope; scope = scope->outer.get())
    if (scope->name == name) return &scope->value;
  return nullptr;
}

}  // namespace settle::language
