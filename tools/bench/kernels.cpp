// The kernels where a trial spends its time.
#include <benchmark/benchmark.h>

#include "graph/floating_point.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/unary.hpp"
#include "graph/random.hpp"

namespace settle {
namespace {

Tensor<float> random_tensor(const Shape& shape) {
  Tensor<float> tensor(shape);
  RandomStream stream(1, shape.to_string(), "kernels");
  for (float& element : tensor.flat()) element = static_cast<float>(stream.normal());
  return tensor;
}

struct Linear {
  explicit Linear(std::int64_t batch)
      : x(random_tensor({batch, 784})),
        weight(random_tensor({300, 784})),
        bias(random_tensor({300})),
        y(random_tensor({batch, 300})),
        adjoint(random_tensor({batch, 300})),
        inputs{x.view(), weight.view(), bias.view()} {}

  Tensor<float> x, weight, bias, y, adjoint;
  std::vector<ConstView<float>> inputs;
};

void count_linear(benchmark::State& state) {
  const double flops = 2. * 784 * 300 * static_cast<double>(state.range(0) * state.iterations());
  state.counters["GFLOP/s"] = benchmark::Counter(flops / 1e9, benchmark::Counter::kIsRate);
}

void linear_forward(benchmark::State& state) {
  const FlushDenormals flush;
  Linear data(state.range(0));
  const OpPtr op = linear_op(true);
  for (auto _ : state) op->forward(data.inputs, data.y.view());
  count_linear(state);
}

void linear_adjoint(benchmark::State& state, std::size_t input) {
  const FlushDenormals flush;
  Linear data(state.range(0));
  const OpPtr op = linear_op(true);
  Tensor<float> result(data.inputs[input].shape);
  for (auto _ : state) op->backward({data.inputs, data.y.view(), data.adjoint.view(), input, result.view(), false});
  count_linear(state);
}

void linear_adjoint_of_x(benchmark::State& state) { linear_adjoint(state, 0); }
void linear_adjoint_of_weight(benchmark::State& state) { linear_adjoint(state, 1); }

void tanh_forward(benchmark::State& state) {
  const FlushDenormals flush;
  const Tensor<float> x = random_tensor({state.range(0), 300});
  Tensor<float> y(x.shape());
  const std::vector<ConstView<float>> inputs{x.view()};
  const OpPtr op = tanh_op();
  for (auto _ : state) op->forward(inputs, y.view());
  state.counters["elements/s"] =
      benchmark::Counter(static_cast<double>(x.size() * state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK(linear_forward)->ArgName("batch")->Arg(1)->Arg(64)->Arg(256);
BENCHMARK(linear_adjoint_of_x)->ArgName("batch")->Arg(1)->Arg(64)->Arg(256);
BENCHMARK(linear_adjoint_of_weight)->ArgName("batch")->Arg(1)->Arg(64)->Arg(256);
BENCHMARK(tanh_forward)->ArgName("batch")->Arg(1)->Arg(64)->Arg(256);

}  // namespace
}  // namespace settle
