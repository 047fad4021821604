// Purpose: constant tensors of the language: zeros(EXTENTS), ones(EXTENTS) and fill(VALUE, EXTENTS). They have no
// batch: one tensor for all samples, which broadcasts with those of a batch, as a parameter does. Made by expanding one
// number while a prediction runs, so a description holds no large constant.
// Errors: BadConfig for an extent that is no whole number of at least 1. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OperatorFamily fill_family();

}  // namespace settle
