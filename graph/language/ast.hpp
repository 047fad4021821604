// Purpose: what a text says, before names and shapes are known. Nodes live in one vector and refer to each other by
// index, so that no destructor recurses, however deep an expression is.
// Thread rule: a value type.
#pragma once

#include <string_view>
#include <vector>

#include "graph/language/source.hpp"

namespace settle::language {

// Parentheses, calls and operators within each other. Every recursion over a tree is bounded by it.
inline constexpr std::uint32_t kMaxNesting = 200;

using NodeIndex = std::uint32_t;

enum class NodeKind { number, name, call, negate, add, subtract, multiply, divide, power };

struct NodeArgument {
  Range keyword;  // of length 0 for a positional argument
  NodeIndex value = 0;

  bool positional() const noexcept { return keyword.length == 0; }
};

struct SyntaxNode {
  NodeKind kind = NodeKind::number;
  Range at;                             // what a caret points to: the number, the name, the operator's sign
  double number = 0;                    // kind number
  std::uint32_t height = 1;             // levels of nodes, this one included
  std::vector<NodeArgument> arguments;  // of a call; operands of an operator
};

enum class Relation { vertex, definition, failed };  // NAME ~ ..., NAME = ..., a line with a reported mistake

struct Statement {
  Relation relation = Relation::failed;
  Range name;  // of length 0 where a failed line has none
  NodeIndex root = 0;
  std::vector<std::string_view> declares;  // names that stand where a declaration has them
  std::vector<std::string_view> mentions;  // names that may be uses of vertices
};

struct SyntaxTree {
  std::vector<SyntaxNode> nodes;
  std::vector<Statement> statements;
};

}  // namespace settle::language
