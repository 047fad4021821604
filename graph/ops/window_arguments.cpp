#include "graph/ops/window_arguments.hpp"

#include "graph/error.hpp"
#include "graph/ops/support.hpp"

namespace settle {

std::size_t spatial_axes(const std::string& function, const Shape& x) {
  const std::size_t rank = x.sample().rank();
  if (!x.batched() || rank < 2 || rank > 1 + kMaxSpatialAxes)
    throw BadConfig(function + " needs an input [batch, channels, ...] of 1 to 3 spatial axes, not " + x.to_string() +
                    "; give it channels with reshape(x, 1, ...)");
  return rank - 1;
}

WindowSpec window_arguments(const std::string& function, const Call& call, std::size_t first, std::size_t axes,
                            std::int64_t stride) {
  const std::size_t given = call.arguments.size() - first;
  if (given != 1 && given != axes)
    throw BadConfig(function + " takes one kernel extent for all spatial axes, or one for each of the " +
                    std::to_string(axes) + ", not " + std::to_string(given));
  WindowSpec spec;
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t extent =
        integer_argument(call.arguments[given == 1 ? first : first + i], "kernel of " + function);
    if (extent < 1) throw BadConfig(function + " needs a kernel of at least 1, not " + std::to_string(extent));
    spec.kernel.push_back(extent);
  }
  spec.strides.assign(axes, stride);
  if (stride == 0) spec.strides = spec.kernel;
  if (call.named.contains("stride")) spec.strides.assign(axes, named_integer(call, "stride", 1));
  spec.dilations.assign(axes, named_integer(call, "dilation", 1));
  const auto pad = call.named.find("pad");
  if (pad == call.named.end()) return spec;
  if (pad->second.word == "same")
    spec.auto_pad = AutoPad::same_upper;
  else if (pad->second.word == "same_lower")
    spec.auto_pad = AutoPad::same_lower;
  else if (!pad->second.word.empty())
    throw BadConfig("pad of " + function + " must be a number, same or same_lower, not '" + pad->second.word + "'");
  else
    spec.pads.assign(2 * axes, integer_argument(pad->second, "pad"));
  return spec;
}

}  // namespace settle
