#include "graph/ops/gather.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/ops/scatter.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

const Tensor<double> table = tensor({3, 2}, {0.0, 1.0, 10.0, 11.0, 20.0, 21.0});

// How many elements are NaN.
std::int64_t nans(const Tensor<double>& x) {
  return std::ranges::count_if(x.flat(), [](double element) { return std::isnan(element); });
}

ExpressionPtr indices(const Shape& shape, const Values& values) { return constant(tensor(shape, values)); }

}  // namespace

TEST_CASE("gather replaces an axis by the axes of its indices, which count from either end") {
  const auto rows = forward(gather_op(-2), {table, tensor({2, 2}, {2.0, 0.0, -1.0, -3.0})});
  CHECK(rows.shape() == Shape{2, 2, 2});
  CHECK(elements(rows) == Values{20, 21, 0, 1, 20, 21, 0, 1});
  CHECK(elements(forward(gather_op(-1), {table, tensor({1}, {1.0})})) == Values{1, 11, 21});
  CHECK(elements(forward(gather_op(-2), {table, tensor({}, {1.0})})) == Values{10, 11});
}

TEST_CASE("an element that gather picks twice takes both adjoints, one that it does not pick none") {
  const auto picked = tensor({3}, {2.0, 0.0, 2.0});
  const auto g = tensor({3, 2}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  CHECK(elements(backward(gather_op(-2), {table, picked}, g, 0)) == Values{3, 4, 0, 0, 6, 8});
  CHECK(elements(backward(gather_op(-2), {table, picked}, g, 1)) == Values{0, 0, 0});
}

TEST_CASE("each sample of a batch gathers by its own indices") {
  const auto x = tensor({2, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  CHECK(elements(forward(gather_op(-1, 1), {x, tensor({2, 2}, {0.0, 2.0, 1.0, 1.0})})) == Values{1, 3, 5, 5});
  CHECK(call("gather", {vertex({batch, 7, 3}), vertex({batch, 4})})->shape == Shape{batch, 4, 3});
  CHECK(call("gather", {vertex({7, 3}), vertex({batch, 4})})->shape == Shape{batch, 4, 3});
  CHECK(call("gather", {vertex({batch, 7, 3}), number(2)}, {{"axis", number(1)}})->shape == Shape{batch, 7});
}

TEST_CASE("gather_elements takes one index per element, gather_nd one position per piece") {
  CHECK(elements(forward(gather_elements_op(-2), {table, tensor({2, 2}, {2.0, 0.0, 1.0, -1.0})})) ==
        Values{20, 1, 10, 21});
  CHECK(elements(forward(gather_elements_op(-1), {table, tensor({2, 3}, {1.0, 1.0, 0.0, 0.0, 1.0, -2.0})})) ==
        Values{1, 1, 0, 10, 11, 10});
  CHECK(elements(forward(gather_nd_op(), {table, tensor({2, 2}, {2.0, 1.0, 0.0, -2.0})})) == Values{21, 0});
  CHECK(elements(forward(gather_nd_op(), {table, tensor({2, 1}, {2.0, -2.0})})) == Values{20, 21, 10, 11});
  CHECK(elements(forward(gather_nd_op(1), {table, tensor({3, 1}, {1.0, 0.0, 1.0})})) == Values{1, 10, 21});
}

TEST_CASE("an index that points nowhere picks NaN, and nothing outside is read or written") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double wrong : {3.0, -4.0, 0.5, -0.5, 1e300, -1e300, infinity, not_a_number}) {
    CAPTURE(wrong);
    const auto at = tensor({2}, {wrong, 1.0});
    const auto y = forward(gather_op(-2), {table, at});
    CHECK(nans(y) == 2);
    CHECK(y.data()[2] == 10);
    CHECK(elements(backward(gather_op(-2), {table, at}, tensor({2, 2}, {1.0, 1.0, 1.0, 1.0}), 0)) ==
          Values{0, 0, 1, 1, 0, 0});
    const auto column = tensor({1, 1}, {wrong});
    CHECK(nans(forward(gather_elements_op(-2), {table, column})) == 1);
    CHECK(nans(forward(gather_nd_op(), {table, column})) == 2);
    const auto one = tensor({1, 1}, {1.0});
    for (const ScatterMode mode : {ScatterMode::replace, ScatterMode::add, ScatterMode::multiply}) {
      const std::vector<Tensor<double>> operands{table, column, one};
      CHECK(nans(forward(scatter_elements_op(-2, mode), operands)) == 6);
      CHECK(elements(backward(scatter_elements_op(-2, mode), operands, table, 2)) == Values{0});
    }
    CHECK(nans(forward(scatter_nd_op(), {table, column, tensor({1, 2}, {1.0, 1.0})})) == 6);
  }
}

TEST_CASE("constant indices are checked when the model is made") {
  const ExpressionPtr x = vertex({batch, 3}).value;
  CHECK(gather(x, indices({2}, {0, -3}), -1)->shape == Shape{batch, 2});
  CHECK(complaint([&] {
          gather(x, indices({2}, {0, 3}), -1);
        }) ==
        "gather has an index that [batch, 3] does not have; along an axis of n elements they are whole numbers from "
        "-n to n - 1");
  CHECK(complaint([] { gather_nd(vertex({3, 2}).value, indices({1, 2}, {0, 2})); }).starts_with("gather_nd has an"));
  CHECK(complaint([] {
          scatter_nd(vertex({3}).value, indices({1, 1}, {-4}), constant(tensor({1}, {1.0})));
        }).starts_with("scatter_nd has an index"));
  CHECK(complaint([] {
          scatter_elements(vertex({3}).value, indices({1}, {0.5}), constant(tensor({1}, {1.0})), -1);
        }).starts_with("scatter_elements has an index"));
}

TEST_CASE("gathers say what does not fit, and never move the batch") {
  CHECK(complaint([] {
          inferred(gather_op(-2), {{batch, 3}, {2}});
        }) == "gather along axis -2 needs an input that has it, not [batch, 3]");
  CHECK(complaint([] {
          inferred(gather_op(-1), {{2, 3}, {batch}});
        }) == "gather of [2, 3] with indices [batch] would move the batch from the front");
  CHECK(complaint([] {
          inferred(gather_op(-1, 1), {{2, 3}, {3, 1}});
        }) == "gather needs an input and indices that agree in the first 1 axes, not [2, 3] and [3, 1]");
  CHECK(complaint([] {
          inferred(gather_elements_op(-1), {{2, 3}, {3, 3}});
        }) ==
        "gather_elements along axis -1 needs indices with the axes of its input and, along the others, no more "
        "elements; not [3, 3] for [2, 3]");
  CHECK(complaint([] {
          inferred(gather_nd_op(), {{batch, 3}, {batch, 1}});
        }).starts_with("gather_nd needs indices whose"));
  CHECK(complaint([] {
          inferred(scatter_nd_op(), {{3, 2}, {1, 1}, {1}});
        }) == "scatter_nd needs updates [1, 2], as its indices say, not [1]");
}

TEST_CASE("embedding owns a weight with a row for each id, or shares it") {
  const ExpressionPtr y = call("embedding", {vertex({batch, 5}), number(20), number(3)});
  CHECK(y->shape == Shape{batch, 5, 3});
  CHECK(y->arguments[0]->parameter.name == "v.weight");
  CHECK(y->arguments[0]->shape == Shape{20, 3});
  const ExpressionPtr z = call("embedding", {vertex({batch}), number(20), number(3)}, {{"share", word("E")}});
  CHECK(z->shape == Shape{batch, 3});
  CHECK(z->arguments[0]->parameter.name == "shared E.weight");
  CHECK(complaint([] {
          call("embedding", {vertex({batch}), number(0), number(3)});
        }) == "embedding needs a count and units of at least 1, not 0 and 3");
}

TEST_CASE("scatter replaces, adds or multiplies, where the last replacement and all terms and factors count") {
  const auto x = tensor({4}, {1.0, 2.0, 3.0, 4.0});
  const std::vector<Tensor<double>> operands{x, tensor({3}, {1.0, -1.0, 1.0}), tensor({3}, {10.0, 20.0, 30.0})};
  CHECK(elements(forward(scatter_elements_op(-1), operands)) == Values{1, 30, 3, 20});
  CHECK(elements(forward(scatter_elements_op(-1, ScatterMode::add), operands)) == Values{1, 42, 3, 24});
  CHECK(elements(forward(scatter_elements_op(-1, ScatterMode::multiply), operands)) == Values{1, 600, 3, 80});
  const auto g = tensor({4}, {1.0, 2.0, 3.0, 4.0});
  CHECK(elements(backward(scatter_elements_op(-1), operands, g, 0)) == Values{1, 0, 3, 0});
  CHECK(elements(backward(scatter_elements_op(-1), operands, g, 2)) == Values{0, 4, 2});
  CHECK(elements(backward(scatter_elements_op(-1, ScatterMode::multiply), operands, g, 2)) == Values{120, 16, 40});
  const auto rows = forward(scatter_nd_op(ScatterMode::add),
                            {table, tensor({2, 1}, {2.0, 0.0}), tensor({2, 2}, {1.0, 2.0, 3.0, 4.0})});
  CHECK(elements(rows) == Values{3, 5, 10, 11, 21, 23});
  const ExpressionPtr y =
      call("scatter_elements", {vertex({batch, 4}), vertex({batch, 2}), vertex({batch, 2})}, {{"mode", word("add")}});
  CHECK(y->shape == Shape{batch, 4});
  CHECK(complaint([] {
          call("scatter_elements", {vertex({4}), vertex({2}), vertex({2})}, {{"mode", word("max")}});
        }) == "mode of scatter_elements must be replace, add or multiply");
}
