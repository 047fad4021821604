// Purpose: reports declarations that nothing uses: a model with one is not what its writer means.
// Thread rule: pure.
#pragma once

#include <span>
#include <utility>

#include "graph/language/model.hpp"

namespace settle::language {

// By name: an expression that no vertex uses is in no vertex. What a file that is included offers need not be used.
void check_used(Model& model, const Statement& statement);

// The first input or parameter without children, of vertices and where they stand.
void check_children(Model& model, std::span<const std::pair<VertexId, Range>> vertices);

}  // namespace settle::language
