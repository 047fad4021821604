#include "graph/ops/transpose.hpp"

#include <numeric>

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

using Axes = std::array<std::size_t, Shape::kMaxRank>;

// A copy with its axes in another order, as few axes as that takes: those of extent 1 left out, neighbours that stay
// neighbours merged.
class StridedCopy {
 public:
  // Axis k of the destination is axis order[k] of the source.
  StridedCopy(const Shape& source, const Axes& order) {
    Axes stride_of{};
    for (std::size_t axis = source.rank(), unit = 1; axis-- > 0; unit *= static_cast<std::size_t>(source[axis]))
      stride_of[axis] = unit;
    for (std::size_t k = 0; k < source.rank(); ++k) {
      const std::int64_t extent = source[order[k]];
      if (extent == 1) continue;
      const auto stride = static_cast<std::int64_t>(stride_of[order[k]]);
      if (count_ > 0 && axes_[count_ - 1].from == stride * extent)
        axes_[count_ - 1] = {axes_[count_ - 1].extent * extent, stride, 1};
      else
        axes_[count_++] = {extent, stride, 1};
    }
    if (count_ == 0) axes_[count_++] = {1, 1, 1};
    for (std::size_t k = count_ - 1; k-- > 0;) axes_[k].to = axes_[k + 1].to * axes_[k + 1].extent;
    // The two innermost loops run over the destination's contiguous axis and over the source's; the others may be in
    // any order. Where both are the same axis, the copy is made of runs.
    if (last().from != 1) {
      std::size_t contiguous = 0;
      while (axes_[contiguous].from != 1) ++contiguous;
      std::rotate(axes_.begin() + static_cast<std::ptrdiff_t>(contiguous),
                  axes_.begin() + static_cast<std::ptrdiff_t>(contiguous) + 1,
                  axes_.begin() + static_cast<std::ptrdiff_t>(count_) - 1);
    }
  }

  // Requires: neither is empty.
  template <class Scalar>
  void run(const Scalar* from, Scalar* to, bool accumulate) const {
    if (accumulate)
      walk<true>(0, from, to);
    else
      walk<false>(0, from, to);
  }

 private:
  struct Axis {
    std::int64_t extent = 1;
    std::int64_t from = 0;  // elements that one step is worth in the source
    std::int64_t to = 0;    // and in the destination
  };

  const Axis& last() const { return axes_[count_ - 1]; }

  template <bool kAccumulate, class Scalar>
  void walk(std::size_t axis, const Scalar* from, Scalar* to) const {
    const bool runs = last().from == 1;
    if (runs && axis + 1 == count_) {
      store(ArrayMap<Scalar>(to, last().extent), ConstArrayMap<Scalar>(from, last().extent), kAccumulate);
    } else if (!runs && axis + 2 == count_) {
      transpose_matrix<kAccumulate>(from, to);
    } else {
      const Axis& a = axes_[axis];
      for (std::int64_t i = 0; i < a.extent; ++i) walk<kAccumulate>(axis + 1, from + i * a.from, to + i * a.to);
    }
  }

  // By square tiles, which stay in the first cache while one side is read across its rows.
  template <bool kAccumulate, class Scalar>
  void transpose_matrix(const Scalar* from, Scalar* to) const {
    constexpr std::int64_t tile = 16;
    const Axis& rows = axes_[count_ - 2];  // of the destination
    const Axis& columns = last();
    for (std::int64_t row = 0; row < rows.extent; row += tile)
      for (std::int64_t column = 0; column < columns.extent; column += tile) {
        const std::int64_t end = std::min(row + tile, rows.extent);
        const std::int64_t width = std::min(tile, columns.extent - column);
        for (std::int64_t r = row; r < end; ++r) {
          const Scalar* source = from + r + column * columns.from;
          Scalar* destination = to + r * rows.to + column;
          for (std::int64_t c = 0; c < width; ++c)
            destination[c] = kAccumulate ? destination[c] + source[c * columns.from] : source[c * columns.from];
        }
      }
  }

  std::array<Axis, Shape::kMaxRank> axes_;  // the outermost first
  std::size_t count_ = 0;
};

class Transpose final : public OpKernels<Transpose> {
 public:
  explicit Transpose(std::vector<std::int64_t> permutation) : permutation_(std::move(permutation)) {
    std::vector<std::int64_t> sorted = permutation_;
    std::ranges::sort(sorted);
    for (std::size_t k = 0; k < sorted.size(); ++k)
      if (sorted[k] != static_cast<std::int64_t>(k) || k >= Shape::kMaxRank)
        throw BadConfig("transpose needs each axis once, from 0 on, not " + text());
  }

  std::string_view name() const override { return "transpose"; }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }
  double cost(std::span<const Shape>, const Shape&) const override { return 0; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    if (permutation_.size() != x.rank())
      throw BadConfig("transpose to " + text() + " does not name all the axes of " + x.to_string());
    if (x.batched() && permutation_[0] != 0)
      throw BadConfig("transpose to " + text() + " would move the batch of " + x.to_string());
    std::array<std::int64_t, Shape::kMaxRank> extents{};
    for (std::size_t k = 0; k < x.rank(); ++k) extents[k] = x[static_cast<std::size_t>(permutation_[k])];
    return Shape(std::span<const std::int64_t>(extents.data(), x.rank()));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node("Transpose", {inputs[0].name}, {{"perm", permutation_}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    Axes order{};
    for (std::size_t k = 0; k < permutation_.size(); ++k) order[k] = static_cast<std::size_t>(permutation_[k]);
    if (output.size() > 0) StridedCopy(inputs[0].shape, order).run(inputs[0].data, output.data, false);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    Axes inverse{};
    for (std::size_t k = 0; k < permutation_.size(); ++k) inverse[static_cast<std::size_t>(permutation_[k])] = k;
    if (call.result.size() > 0)
      StridedCopy(call.adjoint.shape, inverse).run(call.adjoint.data, call.result.data, call.accumulate);
  }

 private:
  std::string text() const {
    std::string joined;
    for (const std::int64_t axis : permutation_) joined += (joined.empty() ? "" : ", ") + std::to_string(axis);
    return "(" + joined + ")";
  }

  std::vector<std::int64_t> permutation_;
};

ExpressionPtr make_transpose(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of transpose");
  const std::int64_t batch = x->shape.batched() ? 1 : 0;
  const auto rank = static_cast<std::int64_t>(x->shape.sample().rank());
  std::vector<std::int64_t> axes;
  if (batch == 1) axes.push_back(0);
  if (call.arguments.size() == 1)
    for (std::int64_t axis = rank; axis-- > 0;) axes.push_back(axis + batch);
  for (std::size_t k = 1; k < call.arguments.size(); ++k) {
    const std::int64_t axis = integer_argument(call.arguments[k], "an axis of transpose");
    if (axis < -rank || axis >= rank || std::ranges::count(axes, (axis + rank) % rank + batch) > 0)
      throw BadConfig("transpose needs each of the " + std::to_string(rank) + " axes of a sample of " +
                      x->shape.to_string() + " once, not axis " + std::to_string(axis) +
                      " here; the first is 0, the last -1, the batch does not count");
    axes.push_back((axis + rank) % rank + batch);
  }
  return apply(transpose_op(std::move(axes)), {x});
}

GradientCase transpose_case(const std::string& name, const Shape& x, std::vector<std::int64_t> permutation) {
  return {name, transpose_op(std::move(permutation)), {case_values(name, x)}};
}

}  // namespace

OpPtr transpose_op(std::vector<std::int64_t> permutation) {
  return std::make_shared<const Transpose>(std::move(permutation));
}

OperatorFamily transpose_family() {
  OperatorFamily family;
  family.name = "transpose";
  family.functions.push_back({.name = "transpose",
                              .signature = "transpose(x, axes...)",
                              .min_arguments = 1,
                              .max_arguments = 1 + Shape::kMaxRank,
                              .keywords = {},
                              .make = make_transpose});
  family.gradient_cases = {transpose_case("transpose of a matrix", {3, 4}, {1, 0}),
                           transpose_case("transpose of a matrix of several tiles", {5, 19}, {1, 0}),
                           transpose_case("transpose within a stack", {2, 3, 4}, {0, 2, 1}),
                           transpose_case("transpose of the outer axes", {2, 3, 4}, {1, 0, 2}),
                           transpose_case("transpose in a circle", {2, 3, 1, 4}, {3, 0, 2, 1}),
                           transpose_case("transpose that reverses", {2, 3, 4, 2}, {3, 2, 1, 0}),
                           transpose_case("transpose of nothing", {2, 3}, {0, 1})};
  return family;
}

}  // namespace settle
