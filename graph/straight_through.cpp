#include "graph/straight_through.hpp"

#include <algorithm>
#include <unordered_map>

#include "graph/builder.hpp"
#include "graph/eigen.hpp"
#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::string_view kActivations[] = {
    "tanh",     "sigmoid",    "relu",   "softplus",     "leaky_relu",      "elu",
    "celu",     "selu",       "gelu",   "gelu_by_tanh", "swish",           "mish",
    "softsign", "hard_swish", "shrink", "hard_sigmoid", "thresholded_relu"};

// An activation function with the derivative 1.
class StraightThrough final : public Op {
 public:
  explicit StraightThrough(OpPtr inner) : inner_(std::move(inner)) {}

  std::string_view name() const override { return inner_->name(); }
  Shape infer(std::span<const Shape> inputs) const override { return inner_->infer(inputs); }
  bool adjoint_reads(std::size_t, std::size_t) const override { return false; }
  std::optional<Part> part_of(std::size_t input, std::span<const Shape> inputs) const override {
    return inner_->part_of(input, inputs);
  }
  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    return inner_->standard_form(writer, inputs, output);
  }
  bool passes_adjoint(std::size_t, std::span<const Shape>) const override { return true; }
  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    return inner_->cost(inputs, output);
  }
  void forward(std::span<const ConstView<float>> inputs, View<float> output) const override {
    inner_->forward(inputs, output);
  }
  void forward(std::span<const ConstView<double>> inputs, View<double> output) const override {
    inner_->forward(inputs, output);
  }
  void backward(const Backward<float>& call) const override { hand_on(call); }
  void backward(const Backward<double>& call) const override { hand_on(call); }

 private:
  template <class Scalar>
  static void hand_on(const Backward<Scalar>& call) {
    store(array(call.result), array(call.adjoint), call.accumulate);
  }

  OpPtr inner_;
};

}  // namespace

std::span<const std::string_view> activation_functions() { return kActivations; }

GraphPtr straight_through(const Graph& graph) {
  std::unordered_map<OpPtr, OpPtr> known;  // one for all that are alike, so that programs can be shared
  GraphBuilder builder(graph);
  builder.replace_operators([&](const OpPtr& op) {
    if (std::ranges::find(kActivations, op->name()) == std::end(kActivations)) return op;
    OpPtr& replacement = known[op];
    if (!replacement) replacement = std::make_shared<const StraightThrough>(op);
    return replacement;
  });
  if (known.empty())
    throw BadConfig(
        "no vertex has an activation function whose derivative could be left out: leave out "
        "rule.nonlinear_derivative = off");
  return builder.build();
}

}  // namespace settle
