#include "tools/bench/operator_benchmark.hpp"

#include "graph/floating_point.hpp"
#include "graph/kernel_setup.hpp"
#include "graph/random.hpp"

namespace settle {

Tensor<float> random_tensor(const Shape& shape) {
  Tensor<float> tensor(shape);
  RandomStream stream(1, shape.to_string(), "benchmark");
  for (float& element : tensor.flat()) element = static_cast<float>(stream.normal());
  return tensor;
}

OperatorBenchmark::OperatorBenchmark(OpPtr op, const std::vector<Shape>& inputs) : op_(std::move(op)) {
  fix_product_blocking();
  for (const Shape& shape : inputs) tensors_.push_back(random_tensor(shape));
  for (const Tensor<float>& tensor : tensors_) inputs_.push_back(tensor.view());
  output_ = Tensor<float>(op_->infer(inputs));
  op_->forward(inputs_, output_.view());
  root_ = random_tensor(output_.shape());
}

void OperatorBenchmark::count(benchmark::State& state) const {
  std::vector<Shape> shapes;
  for (const ConstView<float>& input : inputs_) shapes.push_back(input.shape);
  const double flops = op_->cost(shapes, output_.shape()) * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(flops / 1e9, benchmark::Counter::kIsRate);
}

void OperatorBenchmark::forward(benchmark::State& state) {
  const FlushDenormals flush;
  for (auto _ : state) op_->forward(inputs_, output_.view());
  count(state);
}

void OperatorBenchmark::adjoint(benchmark::State& state, std::size_t input) {
  const FlushDenormals flush;
  Tensor<float> result(inputs_[input].shape);
  for (auto _ : state)
    op_->backward({inputs_, std::as_const(output_).view(), std::as_const(root_).view(), input, result.view(), false});
  count(state);
}

}  // namespace settle
