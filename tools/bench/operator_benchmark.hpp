// Purpose: what benchmarks of single operators share: an operator on random inputs, its forward pass and its adjoints.
// Caller: tools/bench/*.cpp. Thread rule: one owner.
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

#include "graph/op.hpp"

namespace settle {

Tensor<float> random_tensor(const Shape& shape);

class OperatorBenchmark {
 public:
  OperatorBenchmark(OpPtr op, const std::vector<Shape>& inputs);

  void forward(benchmark::State& state);
  void adjoint(benchmark::State& state, std::size_t input);

 private:
  void count(benchmark::State& state) const;  // GFLOP/s, by the operator's cost

  OpPtr op_;
  std::vector<Tensor<float>> tensors_;
  std::vector<ConstView<float>> inputs_;
  Tensor<float> output_;
  Tensor<float> root_;
};

}  // namespace settle
