#include "graph/function.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("every function is found by its name, has one name of its own and shows it in its signature") {
  std::set<std::string> names;
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& function : family.functions) {
      CAPTURE(function.name);
      CHECK(names.insert(function.name).second);
      CHECK(find_function(function.name) == &function);
      CHECK(function.signature.starts_with(function.name + "("));
      CHECK(function.min_arguments <= function.max_arguments);
    }
  for (const char* name :
       {"linear", "tanh",    "relu",    "sigmoid", "softplus", "exp", "log",  "sqrt", "sin", "cos", "tan",
        "pow",    "reshape", "flatten", "concat",  "slice",    "sum", "mean", "min",  "max", "abs"})
    CHECK_MESSAGE(names.contains(name), name);
  CHECK(find_function("tahn") == nullptr);
}

TEST_CASE("functions of plain tensors apply their operator to their arguments in order") {
  const ExpressionPtr y = call("max", {vertex({4}), number(2)});
  CHECK(y->op->name() == "max");
  CHECK(y->shape == Shape{4});
  CHECK(y->arguments[1]->constant.data()[0] == 2);
  CHECK(complaint([] { call("tanh", {word("h")}); }) ==
        "an argument of tanh must be a vertex, a number or an expression of them; there is no vertex 'h'");
}

TEST_CASE("a number argument is a literal, a whole number has no fraction and is not beyond what a literal can say") {
  CHECK(number_argument(number(-2.5), "rate") == -2.5);
  CHECK(integer_argument(number(-3), "begin") == -3);
  CHECK(complaint([] { number_argument(vertex({3}), "rate"); }) == "rate must be a number, not 'x'");
  CHECK(complaint([] {
          number_argument({constant(1), {}, {}}, "rate");
        }) == "rate must be a number, not an expression");
  CHECK(complaint([] { integer_argument(number(0.5), "units"); }) == "units must be a whole number, not 0.5");
  CHECK(complaint([] { integer_argument(number(1e300), "units"); }) == "units must be a whole number, not 1e+300");
}
