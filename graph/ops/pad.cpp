#include "graph/ops/pad.hpp"

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/pieces.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

bool addable(std::int64_t pad) {
  constexpr std::int64_t limit = std::int64_t{1} << 31;
  return pad >= -limit && pad <= limit;
}

class Pad final : public PieceKernels<Pad> {
 public:
  Pad(std::vector<Pads> last_axes, PadMode mode, double value)
      : pads_(std::move(last_axes)), mode_(mode), value_(value) {
    for (const Pads& pads : pads_)
      if (!addable(pads.begin) || !addable(pads.end))
        throw BadConfig("pad cannot add more elements than a tensor may have, as " + std::to_string(pads.begin) +
                        " and " + std::to_string(pads.end) + " would");
  }

  std::string_view name() const override { return "pad"; }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }
  double cost(std::span<const Shape>, const Shape&) const override { return 0; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    if (pads_.size() > x.sample().rank())
      throw BadConfig("pad has pads for " + std::to_string(pads_.size()) + " axes, a sample of " + x.to_string() +
                      " has " + std::to_string(x.sample().rank()));
    std::array<std::int64_t, Shape::kMaxRank> extents{};
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
      const Pads pads = pads_of(axis, x.rank());
      extents[axis] = x[axis] + pads.begin + pads.end;
      const bool padded = pads.begin != 0 || pads.end != 0;
      if (padded && (extents[axis] < 1 || (x[axis] == 0 && mode_ != PadMode::constant)))
        throw BadConfig("pad by " + std::to_string(pads.begin) + " and " + std::to_string(pads.end) +
                        " leaves nothing of, or finds nothing in, an axis of " + std::to_string(x[axis]) +
                        " elements of " + x.to_string());
    }
    return Shape(std::span<const std::int64_t>(extents.data(), x.rank()));
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    static constexpr const char* modes[] = {"constant", "reflect", "edge"};
    std::vector<std::int64_t> pads;
    for (std::size_t axis = 0; axis < output.rank(); ++axis) pads.push_back(pads_of(axis, output.rank()).begin);
    for (std::size_t axis = 0; axis < output.rank(); ++axis) pads.push_back(pads_of(axis, output.rank()).end);
    return writer.node("Pad", {inputs[0].name, writer.integers(pads), writer.number(value_)},
                       {{"mode", std::string(modes[static_cast<std::size_t>(mode_)])}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    if (mode_ == PadMode::constant) array(output).setConstant(static_cast<Scalar>(value_));
    PieceKernels<Pad>::run(inputs, output);
  }

 private:
  friend class PieceKernels<Pad>;

  Pads pads_of(std::size_t axis, std::size_t rank) const {
    return axis + pads_.size() < rank ? Pads{} : pads_[axis + pads_.size() - rank];
  }

  // Which element of an axis stands at `position`, counted from the axis' first; none where the constant does.
  std::optional<std::int64_t> source(std::int64_t position, std::int64_t extent) const {
    if (position >= 0 && position < extent) return position;
    if (mode_ == PadMode::constant) return {};
    if (mode_ == PadMode::edge || extent == 1) return std::clamp<std::int64_t>(position, 0, extent - 1);
    // Mirrored at both ends: there and back again is one period.
    const std::int64_t period = 2 * (extent - 1);
    const std::int64_t phase = (position % period + period) % period;
    return std::min(phase, period - phase);
  }

  // Calls visit(offset in x, offset in the result, length) for each contiguous piece that comes from x, in the result's
  // order.
  template <class Visit>
  void for_each_piece(const Shape& x, const Shape& y, const Visit& visit) const {
    if (x.size() == 0 || y.size() == 0) return;
    std::array<std::int64_t, Shape::kMaxRank + 1> units_x{};  // elements below an axis
    std::array<std::int64_t, Shape::kMaxRank + 1> units_y{};
    units_x[x.rank()] = units_y[x.rank()] = 1;
    std::size_t innermost = 0;  // the last axis that is padded; all below it is copied as it is
    for (std::size_t axis = x.rank(); axis-- > 0;) {
      units_x[axis] = units_x[axis + 1] * x[axis];
      units_y[axis] = units_y[axis + 1] * y[axis];
    }
    for (std::size_t axis = 0; axis < x.rank(); ++axis)
      if (pads_of(axis, x.rank()).begin != 0 || x[axis] != y[axis]) innermost = axis;
    if (x.rank() == 0) return visit(0, 0, 1);
    const auto visit_axis = [&](const auto& self, std::size_t axis, std::int64_t from, std::int64_t to) -> void {
      const std::int64_t begin = pads_of(axis, x.rank()).begin;
      const auto visit_positions = [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i)
          if (const auto s = source(i - begin, x[axis])) {
            const std::int64_t from_i = from + *s * units_x[axis + 1];
            const std::int64_t to_i = to + i * units_y[axis + 1];
            if (axis == innermost)
              visit(from_i, to_i, units_x[axis + 1]);
            else
              self(self, axis + 1, from_i, to_i);
          }
      };
      if (axis != innermost) return visit_positions(0, y[axis]);
      // The elements between the pads are one piece.
      const std::int64_t first = std::clamp<std::int64_t>(begin, 0, y[axis]);
      const std::int64_t last = std::clamp<std::int64_t>(begin + x[axis], first, y[axis]);
      visit_positions(0, first);
      if (last > first)
        visit(from + (first - begin) * units_x[axis + 1], to + first * units_y[axis + 1],
              (last - first) * units_x[axis + 1]);
      visit_positions(last, y[axis]);
    };
    visit_axis(visit_axis, 0, 0, 0);
  }

  std::vector<Pads> pads_;
  PadMode mode_;
  double value_;
};

PadMode mode_argument(const Call& call) {
  const auto found = call.named.find("mode");
  if (found == call.named.end() || found->second.word == "constant") return PadMode::constant;
  if (found->second.word == "reflect") return PadMode::reflect;
  if (found->second.word == "edge") return PadMode::edge;
  throw BadConfig("mode of pad must be constant, reflect or edge" +
                  (found->second.word.empty() ? std::string() : ", not '" + found->second.word + "'"));
}

ExpressionPtr make_pad(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of pad");
  const Pads pads{integer_argument(call.arguments[1], "begin of pad"),
                  integer_argument(call.arguments[2], "end of pad")};
  const auto value = call.named.find("value");
  std::vector<Pads> last_axes(static_cast<std::size_t>(-axis_argument(call, x->shape, -1)));
  last_axes.front() = pads;
  return apply(pad_op(std::move(last_axes), mode_argument(call),
                      value == call.named.end() ? 0 : number_argument(value->second, "value of pad")),
               {x});
}

GradientCase pad_case(const std::string& name, const OpPtr& op) { return {name, op, {case_values(name, {2, 3, 4})}}; }

}  // namespace

OpPtr pad_op(std::vector<Pads> last_axes, PadMode mode, double value) {
  return std::make_shared<const Pad>(std::move(last_axes), mode, value);
}

OperatorFamily pad_family() {
  OperatorFamily family;
  family.name = "pad";
  family.functions.push_back({.name = "pad",
                              .signature = "pad(x, begin, end, axis=-1, mode=constant, value=0)",
                              .min_arguments = 3,
                              .max_arguments = 3,
                              .keywords = {"axis", "mode", "value"},
                              .make = make_pad});
  family.gradient_cases = {
      pad_case("pad with a constant", pad_op({{1, 2}, {2, 0}}, PadMode::constant, 1.5)),
      pad_case("pad of the middle axis", pad_op({{1, 1}, {0, 0}})),
      pad_case("pad by reflection", pad_op({{2, 1}, {3, 2}}, PadMode::reflect)),
      pad_case("pad by more reflections than one", pad_op({{5, 7}, {0, 0}}, PadMode::reflect)),
      pad_case("pad by the edge", pad_op({{0, 2}, {1, 3}}, PadMode::edge)),
      pad_case("pad that cuts", pad_op({{-1, 1}, {2, -3}}, PadMode::constant, -1)),
      pad_case("pad that cuts and repeats the edge", pad_op({{-1, 2}, {-2, 0}}, PadMode::edge)),
  };
  return family;
}

}  // namespace settle
