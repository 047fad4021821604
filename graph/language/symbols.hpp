// Purpose: what the names of a text stand for, line by line, and where names are declared further down.
// Thread rule: one owner.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/graph.hpp"
#include "graph/language/ast.hpp"

namespace settle::language {

struct Symbol {
  enum class Kind {
    vertex,
    definition,  // NAME = EXPRESSION
    failed,      // its line has a reported mistake: uses of it are not mistakes
  };
  Kind kind = Kind::failed;
  VertexId vertex = 0;
  NodeIndex root = 0;  // kind definition
  Range declared;
};

class Symbols {
 public:
  // Requires: both outlive the table.
  Symbols(const Source& source, const SyntaxTree& tree);

  // Null where no line above declares it.
  const Symbol* find(std::string_view name) const;
  void declare(std::string_view name, const Symbol& symbol) { known_.emplace(name, symbol); }

  // True for every name that some line declares, here, above or below.
  bool declared_anywhere(std::string_view name) const { return first_.contains(name); }
  // The line that declares `name` first. Requires: declared_anywhere(name).
  std::uint32_t line_of(std::string_view name) const { return first_.at(name); }
  // True where a line other than the name's own has the name in it.
  bool used(std::string_view name) const { return used_.contains(name); }

  // Every name declared so far, in order of the text.
  std::vector<std::string> names() const;

 private:
  std::unordered_map<std::string_view, Symbol> known_;
  std::unordered_map<std::string_view, std::uint32_t> first_;
  std::unordered_set<std::string_view> used_;
};

}  // namespace settle::language
