// Purpose: elements put around a tensor (numpy.pad, ONNX Pad), or cut off it where a pad is negative.
//   constant: `value`;   edge: the outermost element;   reflect: the elements inside, mirrored at the outermost one
// The adjoint of an element is the sum over all the places where it stands.
// Errors: BadConfig where an axis is not there, or nothing would be left of it. Thread rule: pure functions.
#pragma once

#include <vector>

#include "graph/function.hpp"

namespace settle {

enum class PadMode { constant, reflect, edge };

struct Pads {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// The pads of the last axes; the others, the batch among them, stay as they are.
OpPtr pad_op(std::vector<Pads> last_axes, PadMode mode = PadMode::constant, double value = 0);

// pad(x, begin, end, axis=-1, mode=constant, value=0)
OperatorFamily pad_family();

}  // namespace settle
