// Purpose: where vertices are declared further down, repeats written out, for the lines above that use them. Reads
// numbers and names only and reports nothing: what it cannot work out is not there.
// Thread rule: immutable after construction.
#pragma once

#include <string>
#include <unordered_map>

#include "graph/language/model.hpp"

namespace settle::language {

class Outlook {
 public:
  struct Below {
    const Statement* statement = nullptr;
    ScopePtr scope;  // of that round of the repeats around it
  };

  explicit Outlook(const Model& model);

  // The first line that declares the vertex; null where none does.
  const Below* find(const std::string& name) const;

 private:
  void run(std::size_t begin, std::size_t end, const ScopePtr& scope);
  void repeat(const Statement& head, std::size_t begin, const ScopePtr& scope);
  std::optional<std::string> name_of(Range base, const std::vector<NodeIndex>& indices, const Scope* scope) const;
  std::optional<double> number(NodeIndex root, const Scope* scope) const;

  const Model* model_;
  std::uint64_t lines_ = 0;
  std::unordered_map<std::string, double> numbers_;
  std::unordered_map<std::string, Below> vertices_;
};

}  // namespace settle::language
