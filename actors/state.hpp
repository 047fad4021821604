// Purpose: what a run must keep of its vertices to go on later: parameters and optimizer moments, by name:
//   "h1.weight"              the parameter
//   "h1.weight/adam_mean"    a moment of its optimizer, same shape
//   "h1.weight/steps"        how many learning steps it has made, shape [] (where the optimizer counts them)
// Thread rule: pure functions; the node belongs to the caller.
#pragma once

#include <map>
#include <string>

#include "graph/node.hpp"

namespace settle {

template <class Scalar>
using State = std::map<std::string, Tensor<Scalar>>;

// Puts into `part` what `state` has under that vertex's names.
template <class Scalar>
void copy_state(const Vertex& vertex, const State<Scalar>& state, State<Scalar>& part);

template <class Scalar>
void save_state(const Node<Scalar>& node, State<Scalar>& state);

// Takes what is there under the node's names; a parameter that is missing keeps its values where `partial`.
// Errors: BadData naming the entry, for a shape that differs or (unless `partial`) an entry that is missing.
template <class Scalar>
void load_state(Node<Scalar>& node, const State<Scalar>& state, bool partial);

}  // namespace settle
