// Purpose: how the tensors of a graph hold the samples of a trial. A model of the graph language takes any number of
// them, along the first axis. An imported graph has fixed extents: exactly `fixed` samples, along `axis` of every input
// and output ([data] batch_axis; sequence models often have [steps, batch, ...]).
// Thread rule: a value type, pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "graph/tensor.hpp"

namespace settle {

struct BatchLayout {
  std::optional<std::uint32_t> fixed;
  std::size_t axis = 0;
};

// Moves the first axis of `from`, `[batch, ...]`, to where `to` has its samples. Requires: as many elements.
template <class Scalar>
void from_batch_first(ConstView<Scalar> from, std::size_t axis, View<Scalar> to);
// The other way round: `tensor` as `[batch, elements]`, in `scratch` where it has to be moved.
template <class Scalar>
ConstView<Scalar> batch_first(ConstView<Scalar> tensor, std::size_t axis, Tensor<Scalar>& scratch);

}  // namespace settle
