#include "graph/ops/depth.hpp"

#include <numeric>

#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/composed.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/transpose.hpp"

namespace settle {
namespace {

using Extents = std::vector<std::int64_t>;

// x's last three axes written as `split`, these put in the order `order`, and joined to `joined`; axes before them
// stay.
ExpressionPtr rearranged(const ExpressionPtr& x, Extents split, const Extents& order, Extents joined) {
  const Shape sample = x->shape.sample();
  const Extents before = wide(sample.extents().first(sample.rank() - 3));
  split.insert(split.begin(), before.begin(), before.end());
  joined.insert(joined.begin(), before.begin(), before.end());
  const auto kept = static_cast<std::int64_t>(x->shape.rank()) - 3;
  Extents permutation(static_cast<std::size_t>(kept));
  std::iota(permutation.begin(), permutation.end(), 0);
  for (const std::int64_t axis : order) permutation.push_back(kept + axis);
  const ExpressionPtr blocks = apply(reshape_op(std::move(split)), {x});
  return apply(reshape_op(std::move(joined)), {apply(transpose_op(std::move(permutation)), {blocks})});
}

struct Image {
  std::int64_t channels, height, width;
};

Image image_of(const std::string& op, const ExpressionPtr& x, std::int64_t block) {
  const Shape sample = x->shape.sample();
  if (sample.rank() < 3) throw BadConfig(op + " needs samples [channels, height, width], not " + x->shape.to_string());
  if (block < 1 || block > 1 << 15) throw BadConfig(op + " needs a block of at least 1, not " + std::to_string(block));
  const Extents last = wide(sample.extents().last(3));
  return {last[0], last[1], last[2]};
}

void add_case(OperatorFamily& family, const std::string& name, const Shape& x, MakeExpression make) {
  family.gradient_cases.push_back({name, composed_op(name, std::move(make)), {case_values(name, x)}});
}

}  // namespace

ExpressionPtr depth_to_space(const ExpressionPtr& x, std::int64_t block, bool columns_first) {
  const auto [channels, height, width] = image_of("depth_to_space", x, block);
  if (channels % (block * block) != 0)
    throw BadConfig("depth_to_space needs channels that " + std::to_string(block * block) + " divides, not those of " +
                    x->shape.to_string());
  const std::int64_t left = channels / (block * block);
  const Extents joined{left, height * block, width * block};
  if (columns_first) return rearranged(x, {left, block, block, height, width}, {0, 3, 1, 4, 2}, joined);
  return rearranged(x, {block, block, left, height, width}, {2, 3, 0, 4, 1}, joined);
}

ExpressionPtr space_to_depth(const ExpressionPtr& x, std::int64_t block) {
  const auto [channels, height, width] = image_of("space_to_depth", x, block);
  if (height % block != 0 || width % block != 0)
    throw BadConfig("space_to_depth needs a height and width that " + std::to_string(block) + " divides, not " +
                    x->shape.to_string());
  return rearranged(x, {channels, height / block, block, width / block, block}, {2, 4, 0, 1, 3},
                    {channels * block * block, height / block, width / block});
}

OperatorFamily depth_family() {
  OperatorFamily family;
  family.name = "depth";
  family.functions = {{.name = "depth_to_space",
                       .signature = "depth_to_space(x, block, mode=DCR)",
                       .min_arguments = 2,
                       .max_arguments = 2,
                       .keywords = {"mode"},
                       .make =
                           [](const Call& call) {
                             const auto mode = call.named.find("mode");
                             const std::string word = mode == call.named.end() ? "DCR" : mode->second.word;
                             if (word != "DCR" && word != "CRD")
                               throw BadConfig("mode of depth_to_space must be DCR or CRD");
                             return depth_to_space(tensor_argument(call.arguments[0], "the input of depth_to_space"),
                                                   integer_argument(call.arguments[1], "block of depth_to_space"),
                                                   word == "CRD");
                           }},
                      {.name = "space_to_depth",
                       .signature = "space_to_depth(x, block)",
                       .min_arguments = 2,
                       .max_arguments = 2,
                       .keywords = {},
                       .make = [](const Call& call) {
                         return space_to_depth(tensor_argument(call.arguments[0], "the input of space_to_depth"),
                                               integer_argument(call.arguments[1], "block of space_to_depth"));
                       }}};
  using Inputs = std::vector<ExpressionPtr>;
  add_case(family, "depth_to_space", {2, 8, 1, 3}, [](const Inputs& x) { return depth_to_space(x[0], 2); });
  add_case(family, "depth_to_space, columns first", {8, 2, 2},
           [](const Inputs& x) { return depth_to_space(x[0], 2, true); });
  add_case(family, "space_to_depth", {2, 2, 4, 6}, [](const Inputs& x) { return space_to_depth(x[0], 2); });
  return family;
}

}  // namespace settle
