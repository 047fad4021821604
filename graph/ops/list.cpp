#include "graph/ops/list.hpp"

#include "graph/ops/activations.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/channel_norm.hpp"
#include "graph/ops/clip.hpp"
#include "graph/ops/convolution.hpp"
#include "graph/ops/cumsum.hpp"
#include "graph/ops/depth.hpp"
#include "graph/ops/elementary.hpp"
#include "graph/ops/fill.hpp"
#include "graph/ops/gather.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/local_response.hpp"
#include "graph/ops/logic.hpp"
#include "graph/ops/losses.hpp"
#include "graph/ops/matmul.hpp"
#include "graph/ops/normalisation.hpp"
#include "graph/ops/one_hot.hpp"
#include "graph/ops/pad.hpp"
#include "graph/ops/pooling.hpp"
#include "graph/ops/power.hpp"
#include "graph/ops/prelu.hpp"
#include "graph/ops/reduce.hpp"
#include "graph/ops/repeat.hpp"
#include "graph/ops/scatter.hpp"
#include "graph/ops/shrink.hpp"
#include "graph/ops/softmax.hpp"
#include "graph/ops/transpose.hpp"
#include "graph/ops/unary.hpp"
#include "graph/ops/where.hpp"

namespace settle {

std::span<const OperatorFamily> operator_families() {
  static const OperatorFamily families[] = {
      linear_family(),         arithmetic_family(), power_family(),         unary_family(),
      activations_family(),    elementary_family(), softmax_family(),       clip_family(),
      reshape_family(),        squeeze_family(),    transpose_family(),     concat_family(),
      slice_family(),          pad_family(),        repeat_family(),        reduce_family(),
      cumsum_family(),         matmul_family(),     normalisation_family(), convolution_family(),
      pooling_family(),        prelu_family(),      logic_family(),         where_family(),
      gather_family(),         scatter_family(),    one_hot_family(),       channel_norm_family(),
      local_response_family(), depth_family(),      losses_family(),        fill_family(),
      shrink_family(),
  };
  return families;
}

const FunctionSpec* find_function(std::string_view name) {
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& function : family.functions)
      if (function.name == name) return &function;
  return nullptr;
}

}  // namespace settle
