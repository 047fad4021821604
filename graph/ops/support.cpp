#include "graph/ops/support.hpp"

#include "graph/error.hpp"

namespace settle {

void require_inputs(std::string_view op, std::span<const Shape> inputs, std::size_t count) {
  if (inputs.size() != count)
    throw BadConfig(std::string(op) + " takes " + std::to_string(count) + " inputs, not " +
                    std::to_string(inputs.size()));
}

FunctionSpec plain_function(const std::string& name, OpPtr op, std::size_t arguments) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + (arguments == 1 ? "(x)" : "(x, y)");
  spec.min_arguments = spec.max_arguments = arguments;
  spec.make = [name, op = std::move(op)](const Call& call) {
    std::vector<ExpressionPtr> arguments_given;
    for (const Argument& argument : call.arguments)
      arguments_given.push_back(tensor_argument(argument, "an argument of " + name));
    return apply(op, std::move(arguments_given));
  };
  return spec;
}

std::int64_t named_integer(const Call& call, const std::string& name, std::int64_t fallback) {
  const auto found = call.named.find(name);
  return found == call.named.end() ? fallback : integer_argument(found->second, name);
}

double named_number(const Call& call, const std::string& name, double fallback) {
  const auto found = call.named.find(name);
  return found == call.named.end() ? fallback : number_argument(found->second, name);
}

bool named_switch(const Call& call, const std::string& name, bool fallback) {
  const std::int64_t value = named_integer(call, name, fallback ? 1 : 0);
  if (value != 0 && value != 1) throw BadConfig(name + " must be 0 or 1, not " + std::to_string(value));
  return value == 1;
}

MakeParameter parameter_maker(const Call& call, const std::string& function) {
  const auto share = call.named.find("share");
  if (share == call.named.end())
    return [&scope = *call.scope](const std::string& suffix, const Shape& shape, const Initializer& init) {
      return scope.own_parameter(suffix, shape, init);
    };
  const std::string& name = share->second.word;
  if (name.empty()) throw BadConfig("share of " + function + " must be a name, as in share=W");
  return [&scope = *call.scope, name](const std::string& suffix, const Shape& shape, const Initializer& init) {
    return scope.shared_parameter(name + "." + suffix, shape, init);
  };
}

}  // namespace settle
