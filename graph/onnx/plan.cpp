#include "graph/onnx/plan.hpp"

#include <unordered_map>

#include "graph/builder.hpp"
#include "graph/onnx/fold.hpp"

namespace settle::onnx {
namespace {

class PlanBuilder {
 public:
  explicit PlanBuilder(const std::vector<PlannedVertex>& plan) : plan_(plan), ids_(plan.size()) {}

  BuiltPlan run() {
    for (std::size_t k = 0; k < plan_.size(); ++k)
      if (!plan_[k].prediction) ids_[k] = builder_.fixed_input(plan_[k].name, plan_[k].shape);
    share();
    for (std::size_t k = 0; k < plan_.size(); ++k)
      if (plan_[k].prediction)
        ids_[k] = builder_.compute(
            plan_[k].name, with_leaves(plan_[k].prediction, [&](const ExpressionPtr& leaf) { return built(leaf); }),
            plan_[k].energy);
    return {builder_.build(), std::move(ids_)};
  }

 private:
  // Declares the `parameter` vertices, in order of first use.
  void share() {
    std::vector<const ParameterSpec*> order;
    std::unordered_map<std::string, std::size_t> users;
    for (const PlannedVertex& vertex : plan_) {
      if (!vertex.prediction) continue;
      const Ingredients parts = ingredients_of(vertex.prediction);
      for (const Expression* parameter : parts.parameters) {
        std::size_t& count = users[parameter->parameter.name];
        if (count == 0) order.push_back(&parameter->parameter);
        count += parts.vertices.empty() ? 2 : 1;
      }
    }
    for (const ParameterSpec* spec : order)
      if (users[spec->name] > 1)
        shared_[spec->name] = builder_.use(builder_.parameter(spec->name, spec->shape, spec->init));
  }

  ExpressionPtr built(const ExpressionPtr& leaf) const {
    if (leaf->kind == Expression::Kind::vertex) return builder_.use(ids_[leaf->vertex]);
    if (leaf->kind != Expression::Kind::parameter) return leaf;
    const auto found = shared_.find(leaf->parameter.name);
    return found == shared_.end() ? leaf : found->second;
  }

  const std::vector<PlannedVertex>& plan_;
  GraphBuilder builder_;
  std::vector<VertexId> ids_;
  std::unordered_map<std::string, ExpressionPtr> shared_;
};

}  // namespace

BuiltPlan build_plan(const std::vector<PlannedVertex>& plan) { return PlanBuilder(plan).run(); }

}  // namespace settle::onnx
