#include "graph/ops/losses.hpp"

#include "graph/error.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/composed.hpp"
#include "graph/ops/gather.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/logic.hpp"
#include "graph/ops/reduce.hpp"
#include "graph/ops/softmax.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/unary.hpp"
#include "graph/ops/where.hpp"

namespace settle {
namespace {

std::int64_t class_axis(const Shape& x) {
  if (x.rank() < 2)
    throw BadConfig("a loss needs an axis of classes after the first, which " + x.to_string() + " has not");
  return 1 - static_cast<std::int64_t>(x.rank());
}

// 0 where the target is ignored.
ExpressionPtr unless_ignored(const ExpressionPtr& ignored, const ExpressionPtr& x) {
  return ignored ? apply(where_op(), {ignored, constant(0), x}) : x;
}

LossOptions options_of(const Call& call) {
  LossOptions options;
  if (call.named.contains("ignored")) options.ignored = named_integer(call, "ignored", 0);
  const auto found = call.named.find("reduction");
  if (found == call.named.end() || found->second.word == "mean") return options;
  if (found->second.word != "none" && found->second.word != "sum")
    throw BadConfig("reduction of a loss must be none, sum or mean");
  options.reduction = found->second.word == "none" ? LossReduction::none : LossReduction::sum;
  return options;
}

FunctionSpec loss_function(const std::string& name,
                           ExpressionPtr (*loss)(const ExpressionPtr&, const ExpressionPtr&, const LossOptions&)) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, target, reduction=mean, ignored=CLASS)";
  spec.min_arguments = spec.max_arguments = 2;
  spec.keywords = {"reduction", "ignored"};
  spec.make = [name, loss](const Call& call) {
    return loss(tensor_argument(call.arguments[0], "the input of " + name),
                tensor_argument(call.arguments[1], "the target of " + name), options_of(call));
  };
  return spec;
}

void add_case(OperatorFamily& family, const std::string& name, const Shape& x, std::initializer_list<double> classes,
              const LossOptions& options, bool weighted) {
  const Shape targets{x[0], x.size() / x[0] / x[1]};
  GradientCase loss{
      name,
      composed_op(
          name,
          [options](const std::vector<ExpressionPtr>& inputs) {
            return softmax_cross_entropy(inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : nullptr, options).loss;
          }),
      {case_values(name, x), Tensor<double>(targets, std::span(classes.begin(), classes.size()))},
      {1}};
  if (weighted) loss.inputs.push_back(case_values(name + " weight", {x[1]}, 0.2, 2));
  family.gradient_cases.push_back(std::move(loss));
}

}  // namespace

ExpressionPtr negative_log_likelihood(const ExpressionPtr& x, const ExpressionPtr& target, const ExpressionPtr& weight,
                                      const LossOptions& options) {
  const std::int64_t axis = class_axis(x->shape);
  ExpressionPtr ignored;
  if (options.ignored) ignored = apply(equal_op(), {target, constant(static_cast<double>(*options.ignored))});
  // An ignored target need not be a class.
  const ExpressionPtr classes = unless_ignored(ignored, target);
  const ExpressionPtr picked = gather_elements(x, apply(unsqueeze_op({axis}), {classes}), axis);
  ExpressionPtr loss = apply(neg_op(), {apply(squeeze_op({axis}), {picked})});
  ExpressionPtr factor = weight ? gather(weight, classes, -1) : nullptr;
  if (factor) loss = apply(mul_op(), {loss, factor});
  loss = unless_ignored(ignored, loss);
  if (options.reduction == LossReduction::none) return loss;
  if (options.reduction == LossReduction::mean && !factor && !ignored) return apply(mean_op(), {loss});
  const ExpressionPtr total = apply(sum_op(), {loss});
  if (options.reduction == LossReduction::sum) return total;
  if (ignored) factor = apply(where_op(), {ignored, constant(0), factor ? factor : constant(1)});
  return apply(div_op(), {total, apply(sum_op(), {factor})});
}

CrossEntropy softmax_cross_entropy(const ExpressionPtr& x, const ExpressionPtr& target, const ExpressionPtr& weight,
                                   const LossOptions& options) {
  const ExpressionPtr logarithms = apply(log_softmax_op(class_axis(x->shape)), {x});
  return {negative_log_likelihood(logarithms, target, weight, options), logarithms};
}

OperatorFamily losses_family() {
  OperatorFamily family;
  family.name = "losses";
  family.functions = {
      loss_function("nll_loss",
                    [](const ExpressionPtr& x, const ExpressionPtr& target, const LossOptions& options) {
                      return negative_log_likelihood(x, target, nullptr, options);
                    }),
      loss_function("cross_entropy",
                    [](const ExpressionPtr& x, const ExpressionPtr& target, const LossOptions& options) {
                      return softmax_cross_entropy(x, target, nullptr, options).loss;
                    })};
  const std::initializer_list<double> classes{2, 0, -1, 1, 0, 0};
  add_case(family, "cross_entropy", {2, 4, 3}, classes, {LossReduction::none, {}}, true);
  add_case(family, "cross_entropy, summed", {2, 4, 3}, classes, {LossReduction::sum, {}}, false);
  add_case(family, "cross_entropy, its mean", {2, 4, 3}, classes, {LossReduction::mean, {}}, false);
  add_case(family, "cross_entropy, its mean without a class", {2, 4, 3}, classes, {LossReduction::mean, 0}, true);
  add_case(family, "cross_entropy, its mean over some", {2, 4, 3}, classes, {LossReduction::mean, -1}, false);
  return family;
}

}  // namespace settle
