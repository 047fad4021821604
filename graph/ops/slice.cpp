#include <limits>

#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/pieces.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class Slice final : public PieceKernels<Slice> {
 public:
  Slice(std::int64_t begin, std::optional<std::int64_t> end, std::int64_t axis, std::int64_t step)
      : begin_(begin), end_(end), axis_(axis), step_(step) {
    if (step == 0) throw BadConfig("slice needs a step other than 0");
  }

  std::string_view name() const override { return "slice"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const std::size_t position = axis_position(name(), inputs[0], axis_);
    const std::int64_t extent = inputs[0][position];
    const std::int64_t begin = from_front(begin_, extent);
    const bool forward = step_ > 0;
    const std::int64_t end = end_ ? from_front(*end_, extent) : forward ? extent : -1;
    const bool there = begin >= 0 && begin < extent && end >= -1 && end <= extent;
    if (!there || (forward ? begin >= end : begin <= end))
      throw BadConfig("slice from " + std::to_string(begin_) + (end_ ? " to " + std::to_string(*end_) : "") +
                      " picks nothing, or elements that are not there, of an axis of " + std::to_string(extent) +
                      " elements of " + inputs[0].to_string());
    // The steps from begin to end, rounded up.
    const std::int64_t count = forward ? (end - begin - 1) / step_ + 1 : 1 - (begin - end - 1) / step_;
    return with_extent(inputs[0], position, count);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    using Limits = std::numeric_limits<std::int64_t>;
    const std::int64_t end = end_.value_or(step_ > 0 ? Limits::max() : Limits::min());
    return writer.node("Slice", {inputs[0].name, writer.integers({begin_}), writer.integers({end}),
                                 writer.integers({axis_}), writer.integers({step_})});
  }

 private:
  friend class PieceKernels<Slice>;

  static std::int64_t from_front(std::int64_t index, std::int64_t extent) { return index < 0 ? index + extent : index; }

  // Calls visit(offset in the input, offset in the output, length) per contiguous piece.
  template <class Visit>
  void for_each_piece(const Shape& input, const Shape& output, Visit&& visit) const {
    const AxisSplit whole = split_at(input, axis_);
    const std::int64_t picked = split_at(output, axis_).extent;
    const std::int64_t begin = from_front(begin_, whole.extent);
    // Neighbouring elements along the axis are one piece.
    const std::int64_t pieces = step_ == 1 ? 1 : picked;
    const std::int64_t length = picked / pieces * whole.inner;
    for (std::int64_t o = 0; o < whole.outer; ++o)
      for (std::int64_t k = 0; k < pieces; ++k)
        visit((o * whole.extent + begin + k * step_) * whole.inner, (o * pieces + k) * length, length);
  }

  std::int64_t begin_;
  std::optional<std::int64_t> end_;
  std::int64_t axis_;
  std::int64_t step_;
};

ExpressionPtr make_slice(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of slice");
  const std::int64_t begin = integer_argument(call.arguments[1], "begin of slice");
  std::optional<std::int64_t> end;
  if (call.arguments.size() > 2) end = integer_argument(call.arguments[2], "end of slice");
  return apply(slice_op(begin, end, axis_argument(call, x->shape, -1), named_integer(call, "step", 1)), {x});
}

GradientCase slice_case(const std::string& name, const OpPtr& op) { return {name, op, {case_values(name, {3, 7, 2})}}; }

}  // namespace

OpPtr slice_op(std::int64_t begin, std::optional<std::int64_t> end, std::int64_t axis_from_end, std::int64_t step) {
  return std::make_shared<const Slice>(begin, end, axis_from_end, step);
}

std::vector<ExpressionPtr> split(const ExpressionPtr& x, std::span<const std::int64_t> extents,
                                 std::int64_t axis_from_end) {
  const std::int64_t whole = x->shape[axis_position("split", x->shape, axis_from_end)];
  std::vector<ExpressionPtr> parts;
  std::int64_t begin = 0;
  for (const std::int64_t extent : extents) {
    if (extent < 1 || extent > whole - begin) break;
    parts.push_back(apply(slice_op(begin, begin + extent, axis_from_end), {x}));
    begin += extent;
  }
  if (begin != whole || parts.size() != extents.size())
    throw BadConfig("split along axis " + std::to_string(axis_from_end) +
                    " needs parts of at least 1 that add up to its extent of " + std::to_string(whole) + " in " +
                    x->shape.to_string());
  return parts;
}

OperatorFamily slice_family() {
  OperatorFamily family;
  family.name = "slice";
  family.functions.push_back({.name = "slice",
                              .signature = "slice(x, begin, end, axis=-1, step=1)",
                              .min_arguments = 2,
                              .max_arguments = 3,
                              .keywords = {"axis", "step"},
                              .make = make_slice});
  family.gradient_cases = {slice_case("slice in the middle", slice_op(2, 5, -2)),
                           slice_case("slice with a step", slice_op(0, {}, -2, 3)),
                           slice_case("slice backwards", slice_op(5, 1, -2, -2)),
                           slice_case("slice backwards to the first", slice_op(-1, {}, -2, -1)),
                           slice_case("slice of the last axis", slice_op(-1, {}, -1))};
  return family;
}

}  // namespace settle
