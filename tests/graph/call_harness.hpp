// Purpose: calls the language's functions as the language does, without its text. Caller: the operator tests.
#pragma once

#include <string>
#include <vector>

#include "graph/ops/list.hpp"

namespace settle::test {

// Notes what a function asked for.
class RecordingScope final : public CallScope {
 public:
  ExpressionPtr own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) override {
    return settle::own_parameter({"v." + suffix, shape, init});
  }
  ExpressionPtr shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) override {
    return settle::own_parameter({"shared " + name, shape, init});
  }
  Initializer default_init(std::int64_t fan_in) const override {
    return {Initializer::Kind::fan_in, static_cast<double>(fan_in)};
  }
};

inline Argument number(double value) { return {constant(value), value, {}}; }
inline Argument word(const std::string& text) { return {nullptr, {}, text}; }
// A vertex's value of that shape.
inline Argument vertex(const Shape& shape) {
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::vertex;
  expression->shape = shape;
  return {expression, {}, "x"};
}

inline ExpressionPtr call(std::string_view function, std::vector<Argument> arguments,
                          std::map<std::string, Argument> named = {}) {
  RecordingScope scope;
  return find_function(function)->make({std::move(arguments), std::move(named), &scope});
}

}  // namespace settle::test
