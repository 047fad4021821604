// Purpose: graphs made of operators' gradient cases, so that an operator that joins the list joins the property tests
// too. Each case becomes a vertex. Its inputs stay within 1e-3 of the case's own, where the operator is defined and
// smooth: they are those numbers, moved a little by an earlier vertex, or an own parameter that starts from them;
// indices are clamped inputs. Everything that nothing else uses goes into the output. Caller: tests. Thread rule: pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "graph/builder.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/list.hpp"
#include "graph/ops/unary.hpp"
#include "tests/support/random_graph.hpp"

namespace settle::test {

using Cases = std::vector<const GradientCase*>;

inline Cases all_operator_cases() {
  Cases cases;
  for (const OperatorFamily& family : operator_families())
    for (const GradientCase& gradient_case : family.gradient_cases) cases.push_back(&gradient_case);
  return cases;
}

struct OperatorModel {
  RandomModel model;
  std::map<std::string, Tensor<double>> indices;  // by input vertex
};

class OperatorModelWriter {
 public:
  explicit OperatorModelWriter(std::uint64_t seed) : random_(seed, "operator model", "test") {
    result_.model.seed = seed;
    values_.push_back(builder_.fixed_input("x", {3}));
  }

  OperatorModel write(const Cases& cases) {
    for (const GradientCase* gradient_case : cases) add(*gradient_case);
    ExpressionPtr sum;
    for (const VertexId id : unused_) {
      const ExpressionPtr part = driven_by(id, 2, "y." + std::to_string(id));
      sum = sum ? apply(add_op(), {sum, part}) : part;
    }
    const VertexId y = builder_.normal("y", sum);
    RandomModel& model = result_.model;
    model.graph = builder_.build();
    std::vector<VertexId> clamped(model.graph->inputs().begin(), model.graph->inputs().end());
    clamped.push_back(y);
    model.clamped = clamp_set(*model.graph, clamped);
    return std::move(result_);
  }

 private:
  void add(const GradientCase& gradient_case) {
    const std::string name = "v" + std::to_string(values_.size());
    result_.model.text += name + ": " + gradient_case.name + "\n";
    const auto driven = static_cast<std::size_t>(random_.below(gradient_case.inputs.size()));
    std::vector<ExpressionPtr> arguments;
    std::set<VertexId> used;
    for (std::size_t k = 0; k < gradient_case.inputs.size(); ++k) {
      const Tensor<double>& at = gradient_case.inputs[k];
      const std::string input = name + "." + std::to_string(k);
      if (std::ranges::count(gradient_case.indices, k) > 0) {
        arguments.push_back(builder_.use(builder_.fixed_input(input, at.shape())));
        result_.indices[input] = at;
      } else if (k == driven || random_.below(2) == 0) {
        const VertexId from = values_[random_.below(values_.size())];
        used.insert(from);
        arguments.push_back(near(at, from, input));
      } else {
        arguments.push_back(own_parameter(
            {input, at.shape(), {Initializer::Kind::values, 0, std::make_shared<const Tensor<double>>(at)}}));
      }
    }
    const VertexId id = builder_.normal(name, apply(gradient_case.op, std::move(arguments)));
    for (const VertexId parent : used) unused_.erase(parent);
    unused_.insert(id);
    values_.push_back(id);
  }

  // [units] from all elements of a vertex's value.
  ExpressionPtr driven_by(VertexId id, std::int64_t units, const std::string& name) {
    const ExpressionPtr flat = apply(flatten_op(), {builder_.use(id)});
    const Initializer init{Initializer::Kind::fan_in, static_cast<double>(flat->shape.size())};
    return apply(linear_op(false), {flat, own_parameter({name + ".weight", {units, flat->shape.size()}, init})});
  }

  ExpressionPtr near(const Tensor<double>& at, VertexId from, const std::string& name) {
    const ExpressionPtr moves = apply(tanh_op(), {driven_by(from, at.size(), name)});
    const std::vector<std::int64_t> extents(at.shape().extents().begin(), at.shape().extents().end());
    const ExpressionPtr shaped = apply(reshape_op(extents), {moves});
    return apply(add_op(), {constant(at), apply(mul_op(), {shaped, constant(9e-4)})});
  }

  GraphBuilder builder_;
  RandomStream random_;
  OperatorModel result_;
  std::vector<VertexId> values_;
  std::set<VertexId> unused_;
};

inline OperatorModel operator_model(std::uint64_t seed, const Cases& cases) {
  return OperatorModelWriter(seed).write(cases);
}

// The case's indices; standard normal values for x and y.
template <class Scalar>
class OperatorData final : public ClampSource<Scalar> {
 public:
  explicit OperatorData(const OperatorModel& from) : from_(from) {}

  void read(VertexId id, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override {
    const auto found = from_.indices.find((*from_.model.graph)[id].name);
    if (found == from_.indices.end()) {
      RandomStream random(from_.model.seed + samples[0], (*from_.model.graph)[id].name, "data");
      for (Scalar& x : out.flat()) x = static_cast<Scalar>(random.normal());
    } else {
      std::ranges::transform(found->second.flat(), out.data(), [](double x) { return static_cast<Scalar>(x); });
    }
  }

 private:
  const OperatorModel& from_;
};

}  // namespace settle::test
