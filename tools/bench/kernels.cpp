// The kernels where a trial spends its time. Counter: GFLOP/s of one product, as Op::cost counts them.
#include "graph/ops/convolution.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/pooling.hpp"
#include "graph/ops/unary.hpp"
#include "tools/bench/operator_benchmark.hpp"

namespace settle {
namespace {

// Registers the forward pass as `name` and the adjoint of each named input as `name of input`.
void add(const std::string& name, const OpPtr& op, const std::vector<Shape>& shapes,
         const std::vector<const char*>& adjoints) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    OperatorBenchmark(op, shapes).forward(state);
  })->Unit(benchmark::kMicrosecond);
  for (std::size_t input = 0; input < adjoints.size(); ++input)
    benchmark::RegisterBenchmark((name + ", adjoint of " + adjoints[input]).c_str(), [=](benchmark::State& state) {
      OperatorBenchmark(op, shapes).adjoint(state, input);
    })->Unit(benchmark::kMicrosecond);
}

void add_linear(std::int64_t batch, std::int64_t in, std::int64_t out) {
  add("linear " + std::to_string(batch) + "x" + std::to_string(in) + " -> " + std::to_string(out), linear_op(true),
      {{batch, in}, {out, in}, {out}}, {"x", "weight"});
}

void add_convolution(std::int64_t batch, std::int64_t in, std::int64_t extent, std::int64_t out, std::int64_t kernel) {
  add("conv " + std::to_string(batch) + "x" + std::to_string(in) + "x" + std::to_string(extent) + "x" +
          std::to_string(extent) + " -> " + std::to_string(out) + "@" + std::to_string(kernel),
      conv_op({.bias = false}), {{batch, in, extent, extent}, {out, in, kernel, kernel}}, {"x", "weight"});
}

[[maybe_unused]] const bool added = [] {
  for (const std::int64_t batch : {1, 64, 256}) add_linear(batch, 784, 300);
  add_linear(64, 1600, 200);
  add_linear(64, 200, 200);
  add_convolution(64, 3, 32, 6, 5);
  add_convolution(64, 6, 14, 16, 5);
  add_convolution(16, 64, 56, 64, 3);
  add("max_pool 64x6x28x28", max_pool_op({.kernel = {2, 2}, .strides = {2, 2}}), {{64, 6, 28, 28}}, {"x"});
  add("tanh 64x300", tanh_op(), {{64, 300}}, {"x"});
  add("sigmoid 64x300", sigmoid_op(), {{64, 300}}, {"x"});
  add("relu 64x6x28x28", relu_op(), {{64, 6, 28, 28}}, {"x"});
  return true;
}();

}  // namespace
}  // namespace settle
