// Purpose: what the parts of the analysis of one text share.
// Thread rule: one owner.
#pragma once

#include <functional>

#include "graph/builder.hpp"
#include "graph/language/diagnostics.hpp"
#include "graph/language/language.hpp"
#include "graph/language/symbols.hpp"

namespace settle::language {

struct Model {
  const Source& source;
  const SyntaxTree& tree;
  const LanguageOptions& options;
  Diagnostics& diagnostics;
  Symbols symbols;
  GraphBuilder builder;
  // Nodes of expressions made so far, inlined ones counted at every use: a short text may stand for a huge model.
  std::uint64_t made = 0;
  // Declares a vertex of a line below, where that line says its extents; null where there is none, or a mistake in it.
  std::function<const Symbol*(const std::string& name)> declare_ahead = nullptr;

  std::string text(Range range) const { return std::string(source.text(range)); }
};

// What a function or distribution takes.
struct CallRule {
  std::string name;
  std::string signature;
  std::size_t min_arguments = 0;  // positional
  std::size_t max_arguments = 0;
  std::vector<std::string> keywords;
};

// Reports wrong counts and keywords of a call. True where there is none. `positional` where an argument of the call
// stands for several.
bool check_call(Model& model, const SyntaxNode& call, const CallRule& rule,
                std::optional<std::size_t> positional = std::nullopt);

}  // namespace settle::language
