#include "graph/ops/reduce.hpp"

#include "graph/error.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/reductions.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

template <class Kind>
class Reduce final : public OpKernels<Reduce<Kind>> {
 public:
  Reduce(std::vector<std::int64_t> axes, bool keep) : axes_(std::move(axes)), keep_(keep) {
    std::ranges::sort(axes_);
    if (std::ranges::adjacent_find(axes_) != axes_.end())
      throw BadConfig(std::string(name()) + " takes each axis once");
  }

  std::string_view name() const override { return Kind::name; }

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

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    std::vector<std::int64_t> axes = axes_;
    for (auto axis = -static_cast<std::int64_t>(inputs[0].shape.sample().rank()); axis < 0 && axes_.empty(); ++axis)
      axes.push_back(axis);
    if (axes.empty()) return Op::standard_form(writer, inputs, output);
    const StandardAttribute keep{"keepdims", std::int64_t{keep_}};
    const std::string& x = inputs[0].name;
    // Only the sum takes its axes as an input.
    const std::string result = Kind::standard == "ReduceSum"
                                   ? writer.node(Kind::standard, {x, writer.integers(axes)}, {keep})
                                   : writer.node(Kind::standard, {x}, {keep, {"axes", axes}});
    const bool one_axis_stays = !keep_ && output.rank() + axes.size() > inputs[0].shape.rank();
    return one_axis_stays ? writer.node("Unsqueeze", {result, writer.integers({-1})}) : result;
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    Kind::forward(groups_of(inputs[0].shape, output.size()), inputs[0].data, output.data);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    Kind::backward(groups_of(call.result.shape, call.adjoint.size()), call.inputs[0].data, call.output.data,
                   call.adjoint.data, call.result.data, call.accumulate);
  }

 private:
  // Concrete shapes no longer tell a batch from other axes; when a whole sample is reduced, the number of results does.
  Groups groups_of(const Shape& x, std::int64_t results) const {
    if (axes_.empty()) return {{results, results == 0 ? 0 : x.size() / results}, {results, 1}};
    Shape kept = x;
    for (const std::int64_t axis : axes_) kept = with_extent(kept, axis_position(name(), x, axis), 1);
    return {x, kept};
  }

  std::vector<std::int64_t> axes_;
  bool keep_;
};

template <class Kind>
OpPtr reduce(std::vector<std::int64_t> axes_from_end, bool keep) {
  return std::make_shared<const Reduce<Kind>>(std::move(axes_from_end), keep);
}

using MakeReduce = OpPtr (*)(std::vector<std::int64_t>, bool);

ExpressionPtr reduced(const Call& call, const std::string& name, MakeReduce make_op) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
  std::vector<std::int64_t> axes;
  if (call.named.contains("axis")) axes.push_back(axis_argument(call, x->shape, -1));
  return apply(make_op(std::move(axes), named_switch(call, "keep", false)), {x});
}

FunctionSpec reduce_function(const std::string& name, MakeReduce make_op) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, axis=ALL, keep=0)";
  spec.keywords = {"axis", "keep"};
  spec.make = [name, make_op](const Call& call) { return reduced(call, name, make_op); };
  return spec;
}

// One tensor is reduced, several are compared element by element.
FunctionSpec extreme_function(const std::string& name, MakeReduce make_op, const OpPtr& of_two) {
  FunctionSpec spec = reduce_function(name, make_op);
  spec.signature += " or " + name + "(x, y, ...)";
  spec.max_arguments = 64;
  spec.make = [name, make_op, of_two](const Call& call) {
    if (call.arguments.size() == 1) return reduced(call, name, make_op);
    if (!call.named.empty())
      throw BadConfig(name + " of several tensors goes element by element: it takes neither axis nor keep");
    std::vector<ExpressionPtr> terms;
    for (const Argument& argument : call.arguments)
      terms.push_back(tensor_argument(argument, "an argument of " + name));
    return folded(of_two, terms);
  };
  return spec;
}

void add_cases(OperatorFamily& family, MakeReduce make_op, const Tensor<double>& x, const std::string& of = "") {
  const std::string name = std::string(make_op({}, false)->name()) + of;
  family.gradient_cases.push_back({name + " of everything", make_op({}, false), {x}});
  family.gradient_cases.push_back({name + " along the last axis", make_op({-1}, false), {x}});
  family.gradient_cases.push_back({name + " along the middle axis", make_op({-2}, true), {x}});
  family.gradient_cases.push_back({name + " along the first and last axes", make_op({-3, -1}, false), {x}});
  family.gradient_cases.push_back({name + " along the last two axes", make_op({-1, -2}, true), {x}});
}

}  // namespace

OpPtr sum_op(std::vector<std::int64_t> axes, bool keep) { return reduce<SumOf<SumTerms>>(std::move(axes), keep); }
OpPtr mean_op(std::vector<std::int64_t> axes, bool keep) { return reduce<SumOf<MeanTerms>>(std::move(axes), keep); }
OpPtr prod_op(std::vector<std::int64_t> axes, bool keep) { return reduce<ProductOfAll>(std::move(axes), keep); }
OpPtr max_of_op(std::vector<std::int64_t> axes, bool keep) { return reduce<Extreme<1>>(std::move(axes), keep); }
OpPtr min_of_op(std::vector<std::int64_t> axes, bool keep) { return reduce<Extreme<-1>>(std::move(axes), keep); }
OpPtr l1_norm_op(std::vector<std::int64_t> axes, bool keep) { return reduce<SumOf<L1Terms>>(std::move(axes), keep); }
OpPtr l2_norm_op(std::vector<std::int64_t> axes, bool keep) { return reduce<SumOf<L2Terms>>(std::move(axes), keep); }
OpPtr sum_square_op(std::vector<std::int64_t> axes, bool keep) {
  return reduce<SumOf<SquareTerms>>(std::move(axes), keep);
}
OpPtr log_sum_op(std::vector<std::int64_t> axes, bool keep) { return reduce<SumOf<LogTerms>>(std::move(axes), keep); }
OpPtr log_sum_exp_op(std::vector<std::int64_t> axes, bool keep) { return reduce<LogSumExp>(std::move(axes), keep); }

OperatorFamily reduce_family() {
  OperatorFamily family;
  family.name = "reduce";
  for (const MakeReduce make_op :
       {sum_op, mean_op, prod_op, l1_norm_op, l2_norm_op, sum_square_op, log_sum_op, log_sum_exp_op})
    family.functions.push_back(reduce_function(std::string(make_op({}, false)->name()), make_op));
  family.functions.push_back(extreme_function("max", max_of_op, max_op()));
  family.functions.push_back(extreme_function("min", min_of_op, min_op()));
  const Tensor<double> x = case_values("reduce", {2, 3, 4});
  for (const MakeReduce make_op :
       {sum_op, mean_op, prod_op, max_of_op, min_of_op, l2_norm_op, sum_square_op, log_sum_exp_op})
    add_cases(family, make_op, x);
  // Away from the kink at 0, and sums above 0.
  Tensor<double> signs = case_values("reduce", {2, 3, 4}, 0.1, 2);
  add_cases(family, log_sum_op, signs);
  flip_every_other(signs);
  add_cases(family, l1_norm_op, signs);
  // Products with one factor 0, and with two.
  Tensor<double> zeros = x;
  for (const std::size_t element : {0U, 5U, 13U, 15U}) zeros.data()[element] = 0;
  add_cases(family, prod_op, zeros, " with zeros");
  return family;
}

}  // namespace settle
