// Purpose: the right sides of `~`: how each makes its vertex. An explicit list.
// Thread rule: pure.
#pragma once

#include <optional>
#include <string_view>

#include "graph/language/model.hpp"

namespace settle::language {

class Inliner;

struct NewVertex {
  std::string name;
  Range at;  // of the name
  const SyntaxNode& call;
  Inliner& trial;  // for arguments that are numbers
  // False on a line that declares a name for the second time: it is checked, and nothing is added.
  bool adds = true;
  // Where other lines use the vertex above its own, or its own line does.
  std::optional<VertexId> declared = std::nullopt;
};

struct Distribution {
  CallRule rule;
  // Nothing after a mistake, which is reported. Requires: the call obeys `rule`.
  std::optional<VertexId> (*make)(Model& model, const NewVertex& vertex);
};

// Null where there is none of that name.
const Distribution* find_distribution(std::string_view name);
std::vector<std::string> distribution_names();

// True where the call says the extents of its vertex, which may then be used above its line: shape=48.
bool says_extents(const Model& model, const SyntaxNode& call);
// Declares that vertex with its extents and its first value, init=. Nothing after a mistake, which is reported.
std::optional<VertexId> declare_vertex(Model& model, const NewVertex& vertex);

// The value of `init=`. Nothing after a mistake, which is reported.
std::optional<Initializer> make_initializer(Model& model, Inliner& trial, NodeIndex node);

}  // namespace settle::language
