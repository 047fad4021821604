#include "graph/ops/matmul.hpp"

#include <doctest/doctest.h>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

}  // namespace

TEST_CASE("matmul multiplies matrices, stacks of them, rows and columns, as numpy does") {
  const auto a = tensor({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto stack = tensor({2, 2, 1}, {1.0, 10.0, 2.0, 20.0});
  const auto v = tensor({2}, {1.0, 10.0});
  CHECK(elements(forward(matmul_op(), {a, a})) == std::vector<double>{7, 10, 15, 22});
  CHECK(elements(forward(matmul_op(), {a, stack})) == std::vector<double>{21, 43, 42, 86});
  CHECK(elements(forward(matmul_op(), {a, v})) == std::vector<double>{21, 43});
  CHECK(elements(forward(matmul_op(), {v, a})) == std::vector<double>{31, 42});
  CHECK(elements(forward(matmul_op(), {v, v})) == std::vector<double>{101});
  CHECK(elements(forward(matmul_op(), {v, stack})) == std::vector<double>{101, 202});
}

TEST_CASE("the adjoint of a matrix shared by a stack is the sum over the stack") {
  const auto a = tensor({2, 1, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto b = tensor({2, 1}, {5.0, 6.0});
  const auto g = tensor({2, 1, 1}, {1.0, 10.0});
  CHECK(elements(backward(matmul_op(), {a, b}, g, 0)) == std::vector<double>{5, 6, 50, 60});
  CHECK(elements(backward(matmul_op(), {a, b}, g, 1)) == std::vector<double>{31, 42});
  CHECK(elements(backward(matmul_op(), {a, b}, g, 1, &b)) == std::vector<double>{36, 48});
}

TEST_CASE("matmul keeps the batch in front and never sums over it") {
  CHECK(inferred(matmul_op(), {{batch, 3}, {3, 4}}) == Shape{batch, 4});
  CHECK(inferred(matmul_op(), {{batch, 2, 3}, {batch, 3, 4}}) == Shape{batch, 2, 4});
  CHECK(inferred(matmul_op(), {{2, 3}, {batch, 3, 4}}) == Shape{batch, 2, 4});
  CHECK(inferred(matmul_op(), {{batch, 5, 3}, {3}}) == Shape{batch, 5});
  CHECK(complaint([] {
          inferred(matmul_op(), {{batch}, {batch, 4}});
        }) == "matmul cannot multiply [batch] and [batch, 4]: the batch cannot be summed over");
  CHECK(complaint([] {
          inferred(matmul_op(), {{batch, 3}, {5, 3, 4}});
        }) == "matmul cannot multiply [batch, 3] and [5, 3, 4]: the batch would not be the first axis");
  CHECK(complaint([] {
          inferred(matmul_op(), {{2, 3}, {4, 2}});
        }) ==
        "matmul cannot multiply [2, 3] and [4, 2]: the first's last axis and the second's last but one must agree");
  CHECK(call("matmul", {vertex({batch, 2, 3}), vertex({batch, 3, 2})})->shape == Shape{batch, 2, 2});
}

TEST_CASE("gemm scales, transposes and adds as ONNX Gemm does") {
  const auto a = tensor({1, 2}, {1.0, 2.0});
  const auto b = tensor({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto c = tensor({1}, {10.0});
  CHECK(elements(forward(gemm_op({}), {a, b})) == std::vector<double>{7, 10});
  CHECK(elements(forward(gemm_op({.alpha = 2, .beta = 0.5}), {a, b, c})) == std::vector<double>{19, 25});
  CHECK(elements(forward(gemm_op({.transpose_b = true}), {a, b, c})) == std::vector<double>{15, 21});
  CHECK(elements(forward(gemm_op({.transpose_a = true}), {tensor({2, 1}, {1.0, 2.0}), b})) ==
        std::vector<double>{7, 10});
  CHECK(inferred(gemm_op({.transpose_b = true}), {{batch, 3}, {4, 3}, {4}}) == Shape{batch, 4});
  CHECK(complaint([] {
          inferred(gemm_op({.transpose_a = true}), {{batch, 3}, {4, 3}});
        }) == "gemm cannot multiply [batch, 3] and [4, 3]: the batch must stay the first axis");
  CHECK(complaint([] {
          inferred(gemm_op({}), {{2, 3}, {3, 4}, {5}});
        }) == "shapes [5] and [2, 4] do not broadcast together");
}
