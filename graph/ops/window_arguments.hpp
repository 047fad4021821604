// Purpose: how calls of the language describe windows: conv(x, 6, 5, stride=2, pad=same). Positional numbers give the
// kernel, one for all spatial axes or one each; stride, dilation and pad are one number for all axes; pad may also be
// `same` (as much as keeps the extent, divided by the stride; the odd element at the end) or `same_lower` (at the
// begin). Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

#include <string>

#include "graph/function.hpp"
#include "graph/ops/window.hpp"

namespace settle {

// The spatial axes of x [batch, channels, ...]. Errors: BadConfig where there are none, or more than three.
std::size_t spatial_axes(const std::string& function, const Shape& x);

// The window that the positional arguments from `first` on and the named ones describe; where no stride is given it is
// `stride`, or with 0 the kernel. Errors: BadConfig.
WindowSpec window_arguments(const std::string& function, const Call& call, std::size_t first, std::size_t axes,
                            std::int64_t stride);

}  // namespace settle
