#include "graph/ops/repeat.hpp"

#include "graph/error.hpp"
#include "graph/ops/broadcast.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class Expand final : public OpKernels<Expand> {
 public:
  explicit Expand(const Shape& extents) : extents_(extents) {}

  std::string_view name() const override { return "expand"; }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }
  double cost(std::span<const Shape>, const Shape&) const override { return 0; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    return broadcast(inputs[0], extents_);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    if (extents_.batched()) return Op::standard_form(writer, inputs, output);  // it has no number for the batch
    const auto extents = extents_.extents();
    return writer.node("Expand", {inputs[0].name, writer.integers({extents.begin(), extents.end()})});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const BroadcastWalk<1> walk(output.shape, {inputs[0].shape});
    walk.for_each_run([&](std::int64_t start, const auto& offsets) {
      const Scalar* x = inputs[0].data + offsets[0];
      if (walk.stride(0) == 0)
        std::fill_n(output.data + start, walk.length(), *x);
      else
        std::copy_n(x, walk.length(), output.data + start);
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    const BroadcastWalk<1> walk(call.adjoint.shape, {call.result.shape});
    walk.for_each_run([&](std::int64_t start, const auto& offsets) {
      add_run(call.result.data + offsets[0], walk.stride(0), walk.length(),
              settle::run(call.adjoint.data + start, walk.length()));
    });
  }

 private:
  Shape extents_;
};

class Tile final : public OpKernels<Tile> {
 public:
  explicit Tile(std::vector<std::int64_t> repeats) : repeats_(std::move(repeats)) {
    for (const std::int64_t repeat : repeats_)
      if (repeat < 1) throw BadConfig("tile needs repeats of at least 1, not " + std::to_string(repeat));
  }

  std::string_view name() const override { return "tile"; }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }
  double cost(std::span<const Shape>, const Shape&) const override { return 0; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    if (repeats_.size() > x.sample().rank())
      throw BadConfig("tile has " + std::to_string(repeats_.size()) + " repeats for the " +
                      std::to_string(x.sample().rank()) + " axes of a sample of " + x.to_string());
    std::array<std::int64_t, Shape::kMaxRank> extents{};
    for (std::size_t axis = 0; axis < x.rank(); ++axis) extents[axis] = grown(x[axis], repeat_of(axis, x.rank()));
    return Shape(std::span<const std::int64_t>(extents.data(), x.rank()));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    std::vector<std::int64_t> repeats;
    for (std::size_t axis = 0; axis < output.rank(); ++axis) repeats.push_back(repeat_of(axis, output.rank()));
    return writer.node("Tile", {inputs[0].name, writer.integers(repeats)});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    for_each_copy(inputs[0].shape, [&](std::int64_t from, std::int64_t to, std::int64_t length) {
      std::copy_n(inputs[0].data + from, length, output.data + to);
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    for_each_copy(call.result.shape, [&](std::int64_t from, std::int64_t to, std::int64_t length) {
      settle::run(call.result.data + from, length) += settle::run(call.adjoint.data + to, length);
    });
  }

 private:
  // An extent that no tensor may have stands for all that would overflow.
  static std::int64_t grown(std::int64_t extent, std::int64_t repeat) {
    constexpr std::int64_t limit = std::int64_t{1} << 31;
    return extent * std::min(repeat, limit);
  }

  std::int64_t repeat_of(std::size_t axis, std::size_t rank) const {
    return axis + repeats_.size() < rank ? 1 : repeats_[axis + repeats_.size() - rank];
  }

  // Calls visit(offset in x, offset in the result, length) for each contiguous copy, in the result's order.
  template <class Visit>
  void for_each_copy(const Shape& x, const Visit& visit) const {
    if (x.size() == 0) return;
    std::array<std::int64_t, Shape::kMaxRank + 1> units_x{};  // elements below an axis, in x and in the result
    std::array<std::int64_t, Shape::kMaxRank + 1> units_y{};
    units_x[x.rank()] = units_y[x.rank()] = 1;
    std::size_t whole = x.rank();  // from this axis on, nothing is repeated
    for (std::size_t axis = x.rank(); axis-- > 0;) {
      units_x[axis] = units_x[axis + 1] * x[axis];
      units_y[axis] = units_y[axis + 1] * x[axis] * repeat_of(axis, x.rank());
      if (whole == axis + 1 && repeat_of(axis, x.rank()) == 1) whole = axis;
    }
    const auto visit_axis = [&](const auto& self, std::size_t axis, std::int64_t from, std::int64_t to) -> void {
      if (axis == whole) return visit(from, to, units_x[axis]);
      for (std::int64_t k = 0; k < repeat_of(axis, x.rank()); ++k) {
        // The axis itself need not be walked where nothing below it is repeated.
        if (axis + 1 == whole) {
          visit(from, to + k * units_x[axis], units_x[axis]);
        } else {
          for (std::int64_t i = 0; i < x[axis]; ++i)
            self(self, axis + 1, from + i * units_x[axis + 1], to + (k * x[axis] + i) * units_y[axis + 1]);
        }
      }
    };
    visit_axis(visit_axis, 0, 0, 0);
  }

  std::vector<std::int64_t> repeats_;
};

FunctionSpec extents_function(const std::string& name, const std::string& what,
                              OpPtr (*make_op)(std::vector<std::int64_t>)) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, " + what + "...)";
  spec.min_arguments = 2;
  spec.max_arguments = 1 + Shape::kMaxRank;
  spec.make = [name, what, make_op](const Call& call) {
    std::vector<std::int64_t> numbers;
    for (std::size_t k = 1; k < call.arguments.size(); ++k) {
      numbers.push_back(integer_argument(call.arguments[k], what + " of " + name));
      if (numbers.back() < 1)
        throw BadConfig(what + " of " + name + " must be at least 1, not " + std::to_string(numbers.back()));
    }
    return apply(make_op(std::move(numbers)), {tensor_argument(call.arguments[0], "the input of " + name)});
  };
  return spec;
}

}  // namespace

OpPtr expand_op(std::vector<std::int64_t> extents) {
  const Shape sample{std::span<const std::int64_t>(extents)};
  if (sample.batched()) throw BadConfig("expand takes extents of a sample, not the batch's");
  return broadcast_op(sample);
}
OpPtr broadcast_op(const Shape& shape) { return std::make_shared<const Expand>(shape); }
OpPtr tile_op(std::vector<std::int64_t> repeats) { return std::make_shared<const Tile>(std::move(repeats)); }

OperatorFamily repeat_family() {
  OperatorFamily family;
  family.name = "repeat";
  family.functions = {extents_function("expand", "extents", expand_op), extents_function("tile", "repeats", tile_op)};
  const Tensor<double> x = case_values("repeat", {2, 1, 3});
  family.gradient_cases = {{"expand of an axis", expand_op({2, 4, 3}), {x}},
                           {"expand by axes in front", expand_op({2, 2, 1, 1}), {x}},
                           {"expand of one element", expand_op({2, 3}), {case_values("one", {1, 1})}},
                           {"expand of the last axis", expand_op({4}), {case_values("last", {3, 1})}},
                           {"tile of the last axis", tile_op({2}), {x}},
                           {"tile of an axis in the middle", tile_op({3, 1}), {x}},
                           {"tile of all axes", tile_op({2, 3, 2}), {x}},
                           {"tile of the first axis", tile_op({2, 1, 1}), {x}}};
  return family;
}

}  // namespace settle
