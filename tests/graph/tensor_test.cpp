#include "graph/tensor.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "graph/error.hpp"
#include "graph/tensor_pool.hpp"

using namespace settle;

TEST_CASE("a shape without extents has one element, a symbolic batch counts as one") {
  CHECK(Shape().size() == 1);
  CHECK(Shape{2, 3}.size() == 6);
  CHECK(Shape{Shape::kBatch, 3}.size() == 3);
  CHECK(Shape{4, 0}.size() == 0);
}

TEST_CASE("a batched shape and its sample are each other's inverse") {
  const Shape sample{28, 29};
  const Shape batched = Shape::batched_over(sample);
  CHECK(batched.batched());
  CHECK(batched == Shape{Shape::kBatch, 28, 29});
  CHECK(batched.sample() == sample);
  CHECK(batched.with_batch(5) == Shape{5, 28, 29});
  CHECK(sample.with_batch(5) == sample);
  CHECK(sample.sample() == sample);
  CHECK(batched.to_string() == "[batch, 28, 29]");
  CHECK(Shape().to_string() == "[]");
}

TEST_CASE("shapes that cannot be are refused") {
  CHECK_THROWS_AS((Shape{3, -1}), BadConfig);
  CHECK_THROWS_AS((Shape{-2}), BadConfig);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), BadConfig);
  CHECK_THROWS_AS((Shape{std::int64_t{1} << 40, std::int64_t{1} << 40}), BadConfig);
  CHECK_THROWS_AS(Shape::batched_over(Shape{1, 1, 1, 1, 1, 1, 1, 1}), BadConfig);
}

TEST_CASE("shapes broadcast as numpy's do, from the right, the batch only with itself and with 1") {
  CHECK(broadcast({3, 1}, {4}) == Shape{3, 4});
  CHECK(broadcast({4}, {2, 3, 4}) == Shape{2, 3, 4});
  CHECK(broadcast({}, {2, 3}) == Shape{2, 3});
  CHECK(broadcast({5, 1, 6}, {7, 1}) == Shape{5, 7, 6});
  CHECK(broadcast({Shape::kBatch, 3}, {3}) == Shape{Shape::kBatch, 3});
  CHECK(broadcast({Shape::kBatch, 1}, {Shape::kBatch, 3}) == Shape{Shape::kBatch, 3});
  CHECK(broadcast({1, 3}, {Shape::kBatch, 1}) == Shape{Shape::kBatch, 3});
  CHECK_THROWS_AS(broadcast({2}, {3}), BadConfig);
  CHECK_THROWS_AS(broadcast({Shape::kBatch, 3}, {2, 3}), BadConfig);
}

TEST_CASE("a tensor starts from zeros, is 64-byte aligned, and copies its values") {
  Tensor<float> a({2, 3});
  CHECK(reinterpret_cast<std::uintptr_t>(a.data()) % kTensorAlignment == 0);
  for (const float x : a.flat()) CHECK(x == 0);
  a.fill(2);
  Tensor<float> b = a;
  b.fill(3);
  CHECK(a.data()[5] == 2);
  CHECK(b.shape() == a.shape());
  a = b;
  CHECK(a.data()[0] == 3);
}

TEST_CASE("a tensor without memory has no elements, whatever its shape") {
  const Tensor<double> none;
  CHECK(none.size() == 0);
  CHECK(none.flat().empty());
  const Tensor<double> copy = none;
  CHECK(copy.size() == 0);
  Tensor<double> assigned({3});
  assigned = none;
  CHECK(assigned.size() == 0);
}

TEST_CASE("a tensor that shrinks, grows back or is reshaped keeps its memory") {
  Tensor<double> tensor({8, 4});
  const double* memory = tensor.data();
  tensor.resize({2, 4});
  CHECK(tensor.size() == 8);
  tensor.resize({4, 8});
  CHECK(tensor.data() == memory);
  tensor.resize({5, 8});
  CHECK(tensor.size() == 40);
}

TEST_CASE("a pool hands out no buffer that anybody still holds, and the same one again once it is let go") {
  TensorPool<double> pool;
  Payload<double> held = pool.acquire({3});
  const double* first = held->data();
  {
    const auto second = pool.acquire({3});
    CHECK(second->data() != first);
    CHECK(pool.size() == 2);
  }
  Payload<double> copy = held;
  held.reset();
  CHECK(pool.acquire({3})->data() != first);
  copy.reset();
  const auto again = pool.acquire({2});
  CHECK(again->data() == first);
  CHECK(again->shape() == Shape{2});
  CHECK(pool.size() == 2);
}
