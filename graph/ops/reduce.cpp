#include "graph/ops/reduce.hpp"

#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/broadcast.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class Reduce final : public OpKernels<Reduce> {
 public:
  Reduce(bool mean, std::vector<std::int64_t> axes, bool keep) : mean_(mean), axes_(std::move(axes)), keep_(keep) {
    std::ranges::sort(axes_);
    if (std::ranges::adjacent_find(axes_) != axes_.end())
      throw BadConfig(std::string(name()) + " takes each axis once");
  }

  std::string_view name() const override { return mean_ ? "mean" : "sum"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    std::array<bool, Shape::kMaxRank> reduced{};
    for (std::size_t axis = x.batched() ? 1 : 0; axis < x.rank() && axes_.empty(); ++axis) reduced[axis] = true;
    for (const std::int64_t axis : axes_) reduced[axis_position(name(), x, axis)] = true;
    std::vector<std::int64_t> extents;
    for (std::size_t axis = 0; axis < x.rank(); ++axis)
      if (!reduced[axis] || keep_) extents.push_back(reduced[axis] ? 1 : x[axis]);
    if (x.batched() && extents.size() == 1) extents.push_back(1);
    return Shape(std::span<const std::int64_t>(extents));
  }

  double cost(std::span<const Shape> inputs, const Shape&) const override {
    return static_cast<double>(inputs[0].size());
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const ConstView<Scalar>& x = inputs[0];
    array(output).setZero();
    const BroadcastWalk<1> walk = walk_over(x.shape, output.size());
    walk.for_each_run([&](std::int64_t start, const auto& offsets) {
      add_run(output.data + offsets[0], walk.stride(0), walk.length(), settle::run(x.data + start, walk.length()));
    });
    if (mean_) array(output) /= terms<Scalar>(x.size(), output.size());
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const BroadcastWalk<1> walk = walk_over(call.result.shape, call.adjoint.size());
    const Scalar scale = mean_ ? 1 / terms<Scalar>(call.result.size(), call.adjoint.size()) : Scalar(1);
    walk.for_each_run([&](std::int64_t start, const auto& offsets) {
      auto destination = settle::run(call.result.data + start, walk.length());
      const Scalar* g = call.adjoint.data + offsets[0];
      if (walk.stride(0) == 0)
        store(destination, scale * repeated(g, walk.length()), call.accumulate);
      else
        store(destination, scale * settle::run(g, walk.length()), call.accumulate);
    });
  }

 private:
  // The input's elements, with where each goes among the `results` sums. Concrete shapes no longer tell a batch from
  // other axes; when a whole sample is summed, the number of sums does.
  BroadcastWalk<1> walk_over(const Shape& x, std::int64_t results) const {
    if (axes_.empty()) return {{results, results == 0 ? 0 : x.size() / results}, {Shape{results, 1}}};
    Shape kept = x;
    for (const std::int64_t axis : axes_) kept = with_extent(kept, axis_position(name(), x, axis), 1);
    return {x, {kept}};
  }

  // How many elements each sum is made of.
  template <class Scalar>
  static Scalar terms(std::int64_t elements, std::int64_t results) {
    return results == 0 ? Scalar(1) : static_cast<Scalar>(elements / results);
  }

  bool mean_;
  std::vector<std::int64_t> axes_;
  bool keep_;
};

using MakeReduce = OpPtr (*)(std::vector<std::int64_t>, bool);

FunctionSpec reduce_function(const std::string& name, MakeReduce make_op) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, axis=ALL, keep=0)";
  spec.keywords = {"axis", "keep"};
  spec.make = [name, make_op](const Call& call) {
    const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
    std::vector<std::int64_t> axes;
    if (call.named.contains("axis")) axes.push_back(axis_argument(call, x->shape, -1));
    return apply(make_op(std::move(axes), named_switch(call, "keep", false)), {x});
  };
  return spec;
}

}  // namespace

OpPtr sum_op(std::vector<std::int64_t> axes_from_end, bool keep) {
  return std::make_shared<const Reduce>(false, std::move(axes_from_end), keep);
}
OpPtr mean_op(std::vector<std::int64_t> axes_from_end, bool keep) {
  return std::make_shared<const Reduce>(true, std::move(axes_from_end), keep);
}

OperatorFamily reduce_family() {
  OperatorFamily family;
  family.name = "reduce";
  family.functions = {reduce_function("sum", sum_op), reduce_function("mean", mean_op)};
  const Tensor<double> x = case_values("reduce", {2, 3, 4});
  family.gradient_cases = {{"sum of everything", sum_op(), {x}},
                           {"sum along the last axis", sum_op({-1}), {x}},
                           {"sum along the middle axis", sum_op({-2}, true), {x}},
                           {"sum along the first and last axes", sum_op({-3, -1}), {x}},
                           {"mean of everything", mean_op(), {x}},
                           {"mean along the middle axis", mean_op({-2}), {x}},
                           {"mean along the last two axes", mean_op({-1, -2}, true), {x}}};
  return family;
}

}  // namespace settle
