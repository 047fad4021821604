// Purpose: how an operator family offers itself to the language and to the gradient test: named functions with their
// argument rules, and gradient-check cases. One list (`ops/list.hpp`) joins the families.
//
// Adding an operator: one file under graph/ops with the class, its `FunctionSpec`s and its `GradientCase`s, and a line
// in graph/ops/list.cpp.
// Thread rule: immutable after start-up.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/expression.hpp"

namespace settle {

// One argument of a call in the language: every argument is a tensor expression; a literal number and a bare word are
// also given as such.
struct Argument {
  ExpressionPtr value;           // null for a word that is no vertex
  std::optional<double> number;  // a literal, sign included
  std::string word;              // a bare identifier
};

// What a function may ask of the vertex that is being described.
class CallScope {
 public:
  virtual ~CallScope() = default;
  // A parameter of the vertex: named VERTEX.suffix, VERTEX.suffix2 for a second one.
  virtual ExpressionPtr own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) = 0;
  // The parameter vertex NAME, declared here or by an earlier share=NAME; shapes must agree.
  virtual ExpressionPtr shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) = 0;
  // The initializer that `[graph] init` or the default rule gives a parameter with that fan-in.
  virtual Initializer default_init(std::int64_t fan_in) const = 0;
};

struct Call {
  std::vector<Argument> arguments;        // positional
  std::map<std::string, Argument> named;  // name=value
  CallScope* scope = nullptr;
};

struct FunctionSpec {
  std::string name;
  std::string signature;          // "linear(x, units, bias=1, share=NAME)", shown in help and errors
  std::size_t min_arguments = 1;  // positional
  std::size_t max_arguments = 1;
  std::vector<std::string> keywords;  // the names allowed in `named`
  // Errors: BadConfig; the language adds file, line and column.
  std::function<ExpressionPtr(const Call&)> make;
};

// Inputs at which an operator's adjoints are compared with central differences. Requires: no input within 1e-3 of a
// kink.
struct GradientCase {
  std::string name;
  OpPtr op;
  std::vector<Tensor<double>> inputs;
  std::vector<std::size_t> indices = {};  // inputs that hold indices or conditions: not varied, their adjoint is 0
};

struct OperatorFamily {
  std::string name;
  std::vector<FunctionSpec> functions;
  std::vector<GradientCase> gradient_cases;
};

// Helpers for `make`. Errors: BadConfig naming what was expected.
std::int64_t integer_argument(const Argument& argument, const std::string& what);
double number_argument(const Argument& argument, const std::string& what);
const ExpressionPtr& tensor_argument(const Argument& argument, const std::string& what);

}  // namespace settle
