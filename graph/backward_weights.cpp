#include "graph/backward_weights.hpp"

#include <algorithm>
#include <map>

#include "graph/builder.hpp"
#include "graph/eigen.hpp"
#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::string_view kMaps[] = {"linear", "matmul", "gemm", "conv", "conv_transpose"};

// A map by a weight, with one more input, the last: the weight that its other inputs' adjoints are formed by.
class SeparateFeedback final : public OpKernels<SeparateFeedback> {
 public:
  SeparateFeedback(OpPtr map, std::size_t weight, std::size_t inputs, bool learned)
      : map_(std::move(map)), weight_(weight), backward_(inputs), learned_(learned) {}

  std::string_view name() const override { return map_->name(); }
  Shape infer(std::span<const Shape> inputs) const override { return map_->infer(inputs.first(backward_)); }
  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    if (of == backward_) return learned_ && other != backward_ && map_->adjoint_reads(weight_, other);
    if (of == weight_) return other != backward_ && map_->adjoint_reads(weight_, other);
    return other == backward_ ? map_->adjoint_reads(of, weight_) : other != weight_ && map_->adjoint_reads(of, other);
  }
  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    return map_->cost(inputs.first(backward_), output);
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    map_->forward(inputs.first(backward_), output);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    Backward<Scalar> inner = call;
    inner.inputs = call.inputs.first(backward_);
    std::vector<ConstView<Scalar>> backward;
    if (call.input == backward_) {
      inner.input = weight_;
      if (!learned_) {
        if (!call.accumulate) array(call.result).setZero();
        return;
      }
    } else if (call.input != weight_) {
      backward.assign(inner.inputs.begin(), inner.inputs.end());
      backward[weight_] = call.inputs[backward_];
      inner.inputs = backward;
    }
    map_->backward(inner);
  }

 private:
  OpPtr map_;
  std::size_t weight_;
  std::size_t backward_;
  bool learned_;
};

// What a program's registers depend on.
struct Sources {
  std::vector<char> moving;   // a computed parent
  std::vector<char> learned;  // a parameter, shared or the vertex's own

  Sources(const Graph& graph, const Vertex& vertex) {
    const Program& program = *vertex.program;
    moving.assign(program.shapes.size(), 0);
    learned = moving;
    for (Slot slot = 0; slot < vertex.parents.size(); ++slot) {
      const VertexKind kind = graph[vertex.parents[slot].vertex].kind;
      moving[slot] = kind == VertexKind::computed;
      learned[slot] = kind == VertexKind::parameter;
    }
    for (std::uint32_t k = 0; k < program.parameters; ++k) learned[program.parameter_register(k)] = 1;
    for (std::uint32_t i = 0; i < program.instructions.size(); ++i)
      for (const std::uint32_t input : program.instructions[i].inputs)
        for (std::vector<char>* each : {&moving, &learned}) (*each)[program.result_register(i)] |= (*each)[input];
  }
};

// The position of the weight that the feedback to something moving is formed by.
std::optional<std::size_t> weight_of(const Instruction& instruction, const Sources& sources) {
  if (std::ranges::find(kMaps, instruction.op->name()) == std::end(kMaps)) return std::nullopt;
  const std::vector<std::uint32_t>& inputs = instruction.inputs;
  for (std::size_t weight = 0; weight < inputs.size(); ++weight) {
    if (sources.moving[inputs[weight]] || !sources.learned[inputs[weight]]) continue;
    for (std::size_t of = 0; of < inputs.size(); ++of)
      if (sources.moving[inputs[of]] && instruction.op->adjoint_reads(of, weight)) return weight;
  }
  return std::nullopt;
}

ParameterSpec backward_of(const ParameterSpec& weight) {
  ParameterSpec spec = weight;
  spec.name += ".backward";
  const bool given = weight.init.kind == Initializer::Kind::values || weight.init.kind == Initializer::Kind::constant;
  if (given) spec.init = {Initializer::Kind::fan_in, static_cast<double>(weight.shape.size() / weight.shape[0])};
  return spec;
}

class Separator {
 public:
  Separator(const Graph& graph, BackwardWeights kind) : graph_(graph), builder_(graph), kind_(kind) {}

  GraphPtr run() {
    for (VertexId id = 0; id < graph_.size(); ++id)
      if (graph_[id].kind == VertexKind::computed) separate(id);
    if (known_.empty())
      throw BadConfig(
          "no vertex feeds back through a weight of its own: leave out rule.backward_weights, or give the model a "
          "hidden layer");
    return builder_.build();
  }

 private:
  void separate(VertexId id) {
    const Vertex& vertex = graph_[id];
    const Sources sources(graph_, vertex);
    std::map<std::uint32_t, std::uint32_t> backward;  // register of the weight: of what takes its place
    std::vector<ParameterSpec> added;
    Program program = *vertex.program;
    for (std::uint32_t i = 0; i < program.instructions.size(); ++i) {
      const Instruction& before = vertex.program->instructions[i];
      const std::optional<std::size_t> weight = weight_of(before, sources);
      if (!weight) continue;
      const std::uint32_t reg = before.inputs[*weight];
      if (reg < program.parents || reg >= vertex.program->constant_register(0))
        throw BadConfig("vertex '" + vertex.name +
                        "': its weight is shared with others, or made by an expression; rule.backward_weights takes "
                        "weights that are parameters of their vertex: leave out share=, or the key");
      if (!backward.contains(reg)) {
        added.push_back(backward_of(vertex.parameters[reg - program.parents]));
        backward[reg] = program.add_parameter(added.back().shape);
      }
      Instruction& instruction = program.instructions[i];
      instruction.op = map(before, *weight);
      instruction.inputs.push_back(backward[reg]);
    }
    if (!added.empty()) builder_.change_prediction(id, std::move(program), added);
  }

  // One for all that are alike, so that programs can be shared.
  OpPtr map(const Instruction& instruction, std::size_t weight) {
    OpPtr& op = known_[{instruction.op, weight}];
    if (!op)
      op = std::make_shared<const SeparateFeedback>(instruction.op, weight, instruction.inputs.size(),
                                                    kind_ == BackwardWeights::learned);
    return op;
  }

  const Graph& graph_;
  GraphBuilder builder_;
  BackwardWeights kind_;
  std::map<std::pair<OpPtr, std::size_t>, OpPtr> known_;
};

}  // namespace

GraphPtr with_backward_weights(const Graph& graph, BackwardWeights kind) { return Separator(graph, kind).run(); }

}  // namespace settle
