#include "graph/onnx/ops/activation.hpp"

#include <algorithm>

#include "graph/ops/activations.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/unary.hpp"

namespace settle::onnx {
namespace {

struct Kind {
  std::string_view name;
  std::optional<double> alpha;  // its default, where the function has that number
  std::optional<double> beta;
  ExpressionPtr (*apply_to)(const ExpressionPtr& x, double alpha, double beta);
};

template <OpPtr (*Make)()>
ExpressionPtr plain(const ExpressionPtr& x, double, double) {
  return apply(Make(), {x});
}
template <OpPtr (*Make)(double)>
ExpressionPtr with_alpha(const ExpressionPtr& x, double alpha, double) {
  return apply(Make(alpha), {x});
}
ExpressionPtr hard_sigmoid(const ExpressionPtr& x, double alpha, double beta) {
  return apply(hard_sigmoid_op(alpha, beta), {x});
}
ExpressionPtr affine(const ExpressionPtr& x, double alpha, double beta) {
  return apply(add_op(), {apply(mul_op(), {x, constant(alpha)}), constant(beta)});
}
ExpressionPtr scaled_tanh(const ExpressionPtr& x, double alpha, double beta) {
  return apply(mul_op(), {apply(tanh_op(), {apply(mul_op(), {x, constant(beta)})}), constant(alpha)});
}

// Defaults in float, as ONNX keeps them.
constexpr double kLeakyAlpha = static_cast<double>(0.01F);
constexpr double kHardAlpha = static_cast<double>(0.2F);

const Kind kinds[] = {
    {"Relu", {}, {}, plain<relu_op>},
    {"Tanh", {}, {}, plain<tanh_op>},
    {"Sigmoid", {}, {}, plain<sigmoid_op>},
    {"Softsign", {}, {}, plain<softsign_op>},
    {"Softplus", {}, {}, plain<softplus_op>},
    {"LeakyRelu", kLeakyAlpha, {}, with_alpha<leaky_relu_op>},
    {"ThresholdedRelu", 1.0, {}, with_alpha<thresholded_relu_op>},
    {"Elu", 1.0, {}, with_alpha<elu_op>},
    {"HardSigmoid", kHardAlpha, 0.5, hard_sigmoid},
    {"Affine", 1.0, 0.0, affine},
    {"ScaledTanh", 1.0, 1.0, scaled_tanh},
};

const Kind* kind_of(std::string_view name) {
  const auto found = std::ranges::find(kinds, name, &Kind::name);
  return found == std::end(kinds) ? nullptr : &*found;
}

// The next number of a list, or the default where the list has come to its end.
double next_of(const std::vector<double>& numbers, std::size_t& used, double fallback) {
  return used < numbers.size() ? numbers[used++] : fallback;
}

}  // namespace

std::vector<Activation> activations_of(const NodeView& node, const std::vector<std::string>& defaults,
                                       std::size_t directions) {
  std::vector<std::string> names = node.texts("activations");
  if (names.empty())
    for (std::size_t d = 0; d < directions; ++d) names.insert(names.end(), defaults.begin(), defaults.end());
  if (names.size() != defaults.size() * directions)
    node.invalid("it needs " + std::to_string(defaults.size() * directions) + " activations, not " +
                 std::to_string(names.size()));
  const std::vector<double> alphas = node.numbers("activation_alpha");
  const std::vector<double> betas = node.numbers("activation_beta");
  std::size_t used_alphas = 0, used_betas = 0;
  std::vector<Activation> activations;
  for (const std::string& name : names) {
    const Kind* kind = kind_of(name);
    if (kind == nullptr) node.unsupported("activation '" + name + "'");
    Activation activation{name};
    if (kind->alpha) activation.alpha = next_of(alphas, used_alphas, *kind->alpha);
    if (kind->beta) activation.beta = next_of(betas, used_betas, *kind->beta);
    activations.push_back(std::move(activation));
  }
  return activations;
}

ExpressionPtr activated(const Activation& activation, const ExpressionPtr& x) {
  return kind_of(activation.name)->apply_to(x, activation.alpha, activation.beta);
}

}  // namespace settle::onnx
