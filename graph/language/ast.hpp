// Purpose: what a text says, before names and shapes are known. Nodes live in one vector and refer to each other by
// index, and the body of a repeat follows its head in the list of statements, so that no destructor recurses, however
// deep a text is.
// Thread rule: a value type.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "graph/language/source.hpp"

namespace settle::language {

// Parentheses, calls and operators within each other. Every recursion over a tree is bounded by it.
inline constexpr std::uint32_t kMaxNesting = 200;
// Repeats within each other.
inline constexpr std::uint32_t kMaxBlocks = 8;

using NodeIndex = std::uint32_t;

enum class NodeKind {
  number,
  name,
  indexed,  // h[t - 1]; arguments: the indices
  range,    // 1..T, an index that stands for several; arguments: both ends
  list,     // [28, 28]; arguments: its values
  call,
  negate,
  add,
  subtract,
  multiply,
  divide,
  power
};

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
  std::vector<NodeArgument> arguments;  // of a call or an index; operands of an operator
  Range base;                           // kind indexed: the name without its indices
  Range member;                         // kind indexed: ".weight" behind them, or of length 0
};

enum class Relation {
  vertex,      // NAME ~ ...
  definition,  // NAME = ...
  function,    // NAME(A, B, ...) = ...
  repeat,      // repeat NAME in ... {
  failed,      // a line with a reported mistake
};

struct Statement {
  Relation relation = Relation::failed;
  Range name;                              // without indices; of length 0 where a failed line has none
  Range at;                                // with its indices
  std::vector<NodeIndex> indices;          // of the name
  NodeIndex root = 0;                      // repeat: the range
  std::vector<Range> parameters;           // of a function
  std::optional<NodeIndex> by;             // repeat: what its variable grows by
  std::uint32_t end = 0;                   // repeat: the statement behind its body
  std::uint32_t depth = 0;                 // repeats around it
  std::vector<Range> declares;             // names that stand where a declaration has them
  std::vector<std::string_view> mentions;  // names that may be uses of vertices
};

struct SyntaxTree {
  std::vector<SyntaxNode> nodes;
  std::vector<Statement> statements;
};

}  // namespace settle::language
