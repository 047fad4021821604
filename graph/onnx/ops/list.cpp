#include "graph/onnx/ops/list.hpp"

#include <string>
#include <unordered_map>

namespace settle::onnx {

std::span<const std::span<const Operator>> operator_families() {
  static const std::span<const Operator> families[] = {
      arithmetic_operators(),  constant_operators(),       convolution_operators(),
      elementwise_operators(), linear_algebra_operators(), normalisation_operators(),
      piece_operators(),       reduction_operators(),      shape_operators(),
      logic_operators(),       indexing_operators(),       loss_operators(),
      rnn_operators(),         lstm_operators(),           gru_operators(),
  };
  return families;
}

const Operator* find_operator(std::string_view name) {
  static const auto operators = [] {
    std::unordered_map<std::string_view, const Operator*> map;
    for (const std::span<const Operator> family : operator_families())
      for (const Operator& entry : family) map.emplace(entry.name, &entry);
    return map;
  }();
  const auto found = operators.find(name);
  return found == operators.end() ? nullptr : found->second;
}

}  // namespace settle::onnx
