#include "graph/language/symbols.hpp"

#include <algorithm>

namespace settle::language {

Symbols::Symbols(const Source& source, const SyntaxTree& tree) {
  for (const Statement& statement : tree.statements) {
    for (const std::string_view name : statement.declares) {
      const auto offset = static_cast<std::uint32_t>(name.data() - source.text().data());
      first_.emplace(name, source.place(offset).line);
    }
    for (const std::string_view name : statement.mentions)
      if (name != source.text(statement.name)) used_.insert(name);
  }
}

const Symbol* Symbols::find(std::string_view name) const {
  const auto found = known_.find(name);
  return found == known_.end() ? nullptr : &found->second;
}

std::vector<std::string> Symbols::names() const {
  std::vector<std::pair<std::uint32_t, std::string_view>> places;
  for (const auto& [name, symbol] : known_) places.emplace_back(symbol.declared.offset, name);
  std::ranges::sort(places);
  std::vector<std::string> result;
  for (const auto& [offset, name] : places) result.emplace_back(name);
  return result;
}

}  // namespace settle::language
