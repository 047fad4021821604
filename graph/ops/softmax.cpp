#include "graph/ops/softmax.hpp"

#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

// Lines that lie side by side (an axis that is not the last) go through together, up to this many; what is kept per
// line is on the stack.
constexpr std::int64_t kSideBySide = 64;

template <class Scalar>
using PerLine = Eigen::Array<Scalar, Eigen::Dynamic, 1, Eigen::ColMajor, kSideBySide, 1>;

// One line along the last axis: contiguous, and what is kept of it is one number.
template <class Scalar>
struct Line {
  std::int64_t extent;

  ConstArrayMap<Scalar> at(const Scalar* data) const { return {data, extent}; }
  ArrayMap<Scalar> at(Scalar* data) const { return {data, extent}; }

  Scalar largest(const Scalar* x) const { return at(x).template maxCoeff<Eigen::PropagateNaN>(); }
  template <class Term>
  Scalar total(Term&& term) const {
    return term(*this, 0).sum();
  }
  template <class Visit>
  void each(Visit&& visit) const {
    visit(*this, 0);
  }
};

// `width` lines along another axis: element k of all of them is contiguous, `stride` elements after element k - 1.
template <class Scalar>
struct Lines {
  std::int64_t extent;
  std::int64_t width;
  std::int64_t stride;

  ConstArrayMap<Scalar> at(const Scalar* data) const { return {data, width}; }
  ArrayMap<Scalar> at(Scalar* data) const { return {data, width}; }

  PerLine<Scalar> largest(const Scalar* x) const {
    PerLine<Scalar> result = at(x);
    each([&](const Lines& line, std::int64_t k) { result = larger_of(result, line.at(x + k)); });
    return result;
  }
  template <class Term>
  PerLine<Scalar> total(Term&& term) const {
    PerLine<Scalar> result = PerLine<Scalar>::Zero(width);
    each([&](const Lines& line, std::int64_t k) { result += term(line, k); });
    return result;
  }
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::int64_t k = 0; k < extent; ++k) visit(*this, k * stride);
  }
};

// Calls visit(lines, offset) for every line along the axis, or every few lines side by side.
template <class Scalar, class Visit>
void for_each_line(const Shape& shape, std::int64_t axis, Visit&& visit) {
  const AxisSplit split = split_at(shape, axis);
  if (shape.size() == 0) return;
  for (std::int64_t o = 0; o < split.outer; ++o) {
    const std::int64_t start = o * split.extent * split.inner;
    if (split.inner == 1)
      visit(Line<Scalar>{split.extent}, start);
    else
      for (std::int64_t i = 0; i < split.inner; i += kSideBySide)
        visit(Lines<Scalar>{split.extent, std::min(kSideBySide, split.inner - i), split.inner}, start + i);
  }
}

struct Plain {
  static constexpr std::string_view name = "softmax";
  static constexpr std::string_view standard = "Softmax";
  static void forward(const auto& lines, const auto* x, auto* y) {
    const auto top = lines.largest(x);
    lines.each([&](const auto& line, std::int64_t k) { line.at(y + k) = (line.at(x + k) - top).exp(); });
    const auto total = lines.total([&](const auto& line, std::int64_t k) { return line.at(y + k); });
    lines.each([&](const auto& line, std::int64_t k) { line.at(y + k) /= total; });
  }
  static void backward(const auto& lines, const auto* y, const auto* g, auto* result, bool accumulate) {
    const auto mean = lines.total([&](const auto& line, std::int64_t k) { return line.at(g + k) * line.at(y + k); });
    lines.each([&](const auto& line, std::int64_t k) {
      store(line.at(result + k), line.at(y + k) * (line.at(g + k) - mean), accumulate);
    });
  }
};

struct Logarithm {
  static constexpr std::string_view name = "log_softmax";
  static constexpr std::string_view standard = "LogSoftmax";
  static void forward(const auto& lines, const auto* x, auto* y) {
    using std::log;
    const auto top = lines.largest(x);
    const auto total = lines.total([&](const auto& line, std::int64_t k) { return (line.at(x + k) - top).exp(); });
    const auto log_total = decltype(total)(log(total));
    lines.each([&](const auto& line, std::int64_t k) { line.at(y + k) = line.at(x + k) - top - log_total; });
  }
  static void backward(const auto& lines, const auto* y, const auto* g, auto* result, bool accumulate) {
    const auto total = lines.total([&](const auto& line, std::int64_t k) { return line.at(g + k); });
    lines.each([&](const auto& line, std::int64_t k) {
      store(line.at(result + k), line.at(g + k) - line.at(y + k).exp() * total, accumulate);
    });
  }
};

template <class Kind>
class Softmax final : public OpKernels<Softmax<Kind>> {
 public:
  explicit Softmax(std::int64_t axis) : axis_(axis) {}

  std::string_view name() const override { return Kind::name; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    axis_position(name(), inputs[0], axis_);
    return inputs[0];
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return 25 * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node(Kind::standard, {inputs[0].name}, {{"axis", axis_}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    for_each_line<Scalar>(output.shape, axis_, [&](const auto& lines, std::int64_t start) {
      Kind::forward(lines, inputs[0].data + start, output.data + start);
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    for_each_line<Scalar>(call.result.shape, axis_, [&](const auto& lines, std::int64_t start) {
      Kind::backward(lines, call.output.data + start, call.adjoint.data + start, call.result.data + start,
                     call.accumulate);
    });
  }

 private:
  std::int64_t axis_;
};

using MakeSoftmax = OpPtr (*)(std::int64_t);

FunctionSpec softmax_function(const std::string& name, MakeSoftmax make_op) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, axis=-1)";
  spec.keywords = {"axis"};
  spec.make = [name, make_op](const Call& call) {
    const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
    return apply(make_op(axis_argument(call, x->shape, -1)), {x});
  };
  return spec;
}

}  // namespace

OpPtr softmax_op(std::int64_t axis_from_end) { return std::make_shared<const Softmax<Plain>>(axis_from_end); }
OpPtr log_softmax_op(std::int64_t axis_from_end) { return std::make_shared<const Softmax<Logarithm>>(axis_from_end); }

OperatorFamily softmax_family() {
  OperatorFamily family;
  family.name = "softmax";
  family.functions = {softmax_function("softmax", softmax_op), softmax_function("log_softmax", log_softmax_op)};
  for (const MakeSoftmax make_op : {softmax_op, log_softmax_op})
    for (const std::int64_t axis : {-1, -2, -3}) {
      const OpPtr op = make_op(axis);
      const std::string name = std::string(op->name()) + " along axis " + std::to_string(axis);
      family.gradient_cases.push_back({name, op, {case_values(name, {3, 5, 13})}});
    }
  // More lines than go through together.
  family.gradient_cases.push_back({"softmax of many lines", softmax_op(-2), {case_values("softmax", {3, 70})}});
  family.gradient_cases.push_back({"log_softmax of many lines", log_softmax_op(-2), {case_values("softmax", {3, 70})}});
  return family;
}

}  // namespace settle
