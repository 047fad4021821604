#include <algorithm>
#include <functional>
#include <numeric>

#include "graph/error.hpp"
#include "graph/families/family.hpp"
#include "graph/ops/list.hpp"
#include "graph/suggest.hpp"

namespace settle {
namespace {

// "784,300,10", with another separator where it is text to read.
std::string joined(const std::vector<std::int64_t>& numbers, const std::string& separator) {
  std::string text;
  for (const std::int64_t number : numbers) text += (text.empty() ? "" : separator) + std::to_string(number);
  return text;
}

bool is_activation(const FunctionSpec& function) { return function.min_arguments == 1 && function.max_arguments == 1; }

void check_activation(const std::string& name) {
  const FunctionSpec* function = find_function(name);
  if (function && is_activation(*function)) return;
  std::vector<std::string> names;
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& each : family.functions)
      if (is_activation(each)) names.push_back(each.name);
  const auto nearest = nearest_word(name, names);
  throw BadConfig("activation = " + name + ": there is no such function of one argument" +
                  (nearest ? ", did you mean '" + *nearest + "'?" : "; take tanh, relu or sigmoid"));
}

void check(const FamilyOptions& options) {
  const auto& layers = options.layers;
  const std::string written = "layers = " + joined(layers, ",");
  if (layers.size() < 2)
    throw BadConfig(written + ": an mlp has at least an input and an output, as in layers = 784,10");
  if (std::ranges::any_of(layers, [](std::int64_t units) { return units < 1; }))
    throw BadConfig(written + ": a layer has at least 1 unit");
  const auto size = std::accumulate(options.sample.begin(), options.sample.end(), std::int64_t{1}, std::multiplies<>());
  if (!options.sample.empty() && size != layers.front())
    throw BadConfig(written + ": a sample of the data has " + joined(options.sample, " x ") + " = " +
                    std::to_string(size) + " elements, so the first layer must be " + std::to_string(size));
  if (options.output != "categorical" && options.output != "normal" && options.output != "bernoulli")
    throw BadConfig("output = " + options.output + ": it is categorical, normal or bernoulli");
  check_activation(options.activation);
}

std::string line(std::string name, const std::string& right, std::size_t width) {
  name.resize(width, ' ');
  return name + " ~ " + right + "\n";
}

}  // namespace

std::string mlp_source(const FamilyOptions& options) {
  check(options);
  const auto& layers = options.layers;
  const std::size_t hidden = layers.size() - 2;
  const std::size_t width = hidden == 0 ? 1 : 1 + std::to_string(hidden).size();
  const bool flat = options.sample.size() <= 1;
  std::string text = "# mlp " + joined(layers, "-") + ", " + options.activation + "\n";
  text += line("x", "input(" + joined(flat ? std::vector{layers.front()} : options.sample, ", ") + ")", width);
  std::string below = flat ? "x" : "flatten(x)";
  for (std::size_t i = 1; i <= hidden; ++i) {
    const std::string name = "h" + std::to_string(i);
    const std::string linear = "linear(" + below + ", " + std::to_string(layers[i]) + ")";
    text += line(name, "normal(" + options.activation + "(" + linear + "))", width);
    below = name;
  }
  return text + line("y", options.output + "(linear(" + below + ", " + std::to_string(layers.back()) + "))", width);
}

}  // namespace settle
