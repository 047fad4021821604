// Purpose: what the names of a text stand for, line by line, and where names are declared further down. A name with
// indices is known by what it is written out to, "h[3]" or "w[1,2]"; its base is "h" or "w".
// Thread rule: one owner.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/graph.hpp"
#include "graph/language/ast.hpp"
#include "graph/language/scope.hpp"

namespace settle::language {

struct Symbol {
  enum class Kind {
    vertex,
    definition,  // NAME = EXPRESSION
    function,    // NAME(A, B) = EXPRESSION
    failed,      // its line has a reported mistake: uses of it are not mistakes
  };
  Kind kind = Kind::failed;
  VertexId vertex = 0;
  NodeIndex root = 0;             // kinds definition and function
  Range declared;                 // the name
  ScopePtr scope;                 // kind definition: what it may use
  std::vector<Range> parameters;  // kind function
  std::vector<bool> words;        // kind function: the argument may be a mere word
};

// "h" of "h[3]" and of "h".
std::string_view base_of(std::string_view name);

class Symbols {
 public:
  // Requires: both outlive the table.
  Symbols(const Source& source, const SyntaxTree& tree);

  // Null where no line above declares it. The pointer stays valid.
  const Symbol* find(std::string_view name) const;
  const Symbol& declare(const std::string& name, Symbol symbol);
  // From here on every name with this base that is not known is of kind failed.
  void fail(std::string_view base) { failed_.insert(base); }

  // True for every base that some line declares, here, above or below.
  bool declared_anywhere(std::string_view base) const { return first_.contains(base); }
  // Where a line declares it first. Requires: declared_anywhere(base).
  std::uint32_t offset_of(std::string_view base) const { return first_.at(base); }
  // True where a line other than the name's own has the base in it, or its own as another index of it.
  bool used(std::string_view base) const { return used_.contains(base); }

  // Every name declared so far, in order of the text.
  std::vector<std::string> names() const;
  // The names with indices of that base, in the order in which they were declared.
  const std::vector<std::string>& indexed(std::string_view base) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::string, Symbol, Hash, std::equal_to<>> known_;
  std::unordered_map<std::string_view, std::vector<std::string>> indexed_;
  std::unordered_set<std::string_view> failed_;
  std::unordered_map<std::string_view, std::uint32_t> first_;
  std::unordered_set<std::string_view> used_;
};

}  // namespace settle::language
