#include "graph/ops/composed.hpp"

#include "graph/compile.hpp"
#include "graph/eigen.hpp"
#include "graph/evaluator.hpp"

namespace settle {
namespace {

class Composed final : public OpKernels<Composed> {
 public:
  Composed(const std::string& name, MakeExpression make) : name_(name), make_(std::move(make)) {}

  std::string_view name() const override { return name_; }
  Shape infer(std::span<const Shape> inputs) const override { return expression(inputs)->shape; }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<Shape> shapes;
    for (const StandardValue& input : inputs) shapes.push_back(input.shape);
    const Compiled compiled = compile(expression(shapes));
    std::vector<std::string> names;
    for (const VertexId parent : compiled.parents) names.push_back(inputs[parent].name);
    return settle::standard_form(compiled.program, std::move(names), writer);
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    Run<Scalar>(*this, inputs, output);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    Tensor<Scalar> output(call.output.shape);
    Run<Scalar> run(*this, call.inputs, output.view());
    run.evaluator.set_root(call.adjoint);
    Tensor<Scalar> result(call.result.shape);
    const auto slot = std::ranges::find(run.compiled.parents, call.input) - run.compiled.parents.begin();
    run.evaluator.parent_adjoint(static_cast<std::uint32_t>(slot), result.view());
    store(array(call.result), array(std::as_const(result).view()), call.accumulate);
  }

 private:
  // The expression over vertices 0, 1, ... of these shapes.
  ExpressionPtr expression(std::span<const Shape> inputs) const {
    std::vector<ExpressionPtr> vertices;
    for (const Shape& shape : inputs) {
      auto vertex = std::make_shared<Expression>();
      vertex->kind = Expression::Kind::vertex;
      vertex->vertex = static_cast<VertexId>(vertices.size());
      vertex->shape = shape;
      vertices.push_back(std::move(vertex));
    }
    return make_(vertices);
  }

  template <class Scalar>
  struct Run {
    Compiled compiled;
    Evaluator<Scalar> evaluator;

    Run(const Composed& op, std::span<const ConstView<Scalar>> inputs, View<Scalar> output)
        : compiled(compile(op.expression(shapes(inputs)))), evaluator(compiled.program) {
      evaluator.bind(1);
      for (std::uint32_t slot = 0; slot < compiled.parents.size(); ++slot)
        evaluator.set_parent(slot, inputs[compiled.parents[slot]]);
      evaluator.forward(output);
    }
    static std::vector<Shape> shapes(std::span<const ConstView<Scalar>> inputs) {
      std::vector<Shape> result;
      for (const auto& input : inputs) result.push_back(input.shape);
      return result;
    }
  };

  std::string name_;
  MakeExpression make_;
};

}  // namespace

OpPtr composed_op(const std::string& name, MakeExpression make) {
  return std::make_shared<const Composed>(name, std::move(make));
}

}  // namespace settle
