#include "graph/language/symbols.hpp"

#include <algorithm>

namespace settle::language {

std::string_view base_of(std::string_view name) { return name.substr(0, name.find('[')); }

Symbols::Symbols(const Source& source, const SyntaxTree& tree) {
  for (const Statement& statement : tree.statements) {
    for (const Range name : statement.declares) first_.emplace(source.text(name), name.offset);
    for (const std::string_view name : statement.mentions)
      if (!statement.indices.empty() || name != source.text(statement.name)) used_.insert(name);
  }
}

const Symbol* Symbols::find(std::string_view name) const {
  static const Symbol failed;
  if (const auto found = known_.find(name); found != known_.end()) return &found->second;
  return failed_.contains(base_of(name)) ? &failed : nullptr;
}

const Symbol& Symbols::declare(const std::string& name, Symbol symbol) {
  const auto [place, is_new] = known_.emplace(name, std::move(symbol));
  if (const std::string_view base = base_of(place->first); is_new && base.size() < name.size())
    indexed_[base].push_back(name);
  return place->second;
}

std::vector<std::string> Symbols::names() const {
  std::vector<std::pair<std::uint32_t, std::string_view>> places;
  for (const auto& [name, symbol] : known_) places.emplace_back(symbol.declared.offset, name);
  std::ranges::sort(places);
  std::vector<std::string> result;
  for (const auto& [offset, name] : places) result.emplace_back(name);
  return result;
}

const std::vector<std::string>& Symbols::indexed(std::string_view base) const {
  static const std::vector<std::string> none;
  const auto found = indexed_.find(base);
  return found == indexed_.end() ? none : found->second;
}

}  // namespace settle::language
