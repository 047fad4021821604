#include "graph/onnx/survey.hpp"

#include <algorithm>
#include <unordered_set>

#include "graph/error.hpp"

namespace settle::onnx {
namespace {

class Surveyor {
 public:
  explicit Surveyor(const Model& model) : model_(model) {}

  Survey run() {
    define();
    need();
    Survey survey;
    for (const TensorInfo& output : model_.outputs) survey.uses[output.name].output = true;
    for (std::size_t k = 0; k < model_.nodes.size(); ++k) {
      if (!needed_[k]) continue;
      survey.nodes.push_back(&model_.nodes[k]);
      for (const std::string& input : model_.nodes[k].inputs)
        if (!input.empty()) survey.uses[input].nodes.push_back(&model_.nodes[k]);
    }
    return survey;
  }

 private:
  static constexpr std::size_t kGiven = ~std::size_t{0};  // an initialiser or a graph input

  void define() {
    std::unordered_set<std::string> given;
    const auto once = [&](const std::string& name, const char* what) {
      if (name.empty()) throw BadConfig(model_.origin + ": " + what + " has no name");
      if (!given.insert(name).second)
        throw BadConfig(model_.origin + ": there are two " + what + "s named '" + name + "'");
    };
    for (const Literal& initialiser : model_.initialisers) once(initialiser.name, "initialiser");
    for (const Literal& initialiser : model_.initialisers) makers_[initialiser.name] = kGiven;
    given.clear();
    for (const TensorInfo& input : model_.inputs) once(input.name, "input");
    for (const TensorInfo& input : model_.inputs) makers_[input.name] = kGiven;
    for (std::size_t k = 0; k < model_.nodes.size(); ++k)
      for (const std::string& output : model_.nodes[k].outputs)
        if (!output.empty() && !makers_.emplace(output, k).second)
          throw BadConfig(place_of(model_, model_.nodes[k]) + ": tensor '" + output + "' is defined a second time");
  }

  // The node that makes a tensor, or kGiven. Errors: BadConfig where there is none.
  std::size_t maker(const std::string& tensor, const std::string& user) const {
    const auto found = makers_.find(tensor);
    if (found == makers_.end())
      throw BadConfig(user + " uses tensor '" + tensor +
                      "', which is neither an initialiser, a graph input nor the output of a node");
    return found->second;
  }

  void need() {
    needed_.assign(model_.nodes.size(), false);
    std::vector<std::size_t> open;
    const auto reach = [&](std::size_t node) {
      if (node == kGiven || needed_[node]) return;
      needed_[node] = true;
      open.push_back(node);
    };
    if (model_.outputs.empty()) throw BadConfig(model_.origin + ": the graph has no outputs");
    for (const TensorInfo& output : model_.outputs) reach(maker(output.name, model_.origin + ": the list of outputs"));
    while (!open.empty()) {
      const std::size_t k = open.back();
      open.pop_back();
      for (const std::string& input : model_.nodes[k].inputs) {
        if (input.empty()) continue;
        const std::size_t from = maker(input, place_of(model_, model_.nodes[k]));
        if (from != kGiven && from >= k)
          throw BadConfig(place_of(model_, model_.nodes[k]) + " stands before the node that makes its input '" + input +
                          "': the graph has a cycle, or its nodes are not in order of computation");
        reach(from);
      }
    }
  }

  const Model& model_;
  std::unordered_map<std::string, std::size_t> makers_;
  std::vector<bool> needed_;
};

}  // namespace

std::string place_of(const Model& model, const NodeSpec& node) {
  std::string name = node.name;
  const auto output = std::ranges::find_if(node.outputs, [](const std::string& text) { return !text.empty(); });
  if (!name.empty())
    name = "node '" + name + "'";
  else
    name = output == node.outputs.end() ? "a node" : "the node that makes '" + *output + "'";
  const auto opset = model.opsets.find(node.domain);
  const std::string domain = node.domain.empty() ? "" : node.domain + ".";
  const std::string version =
      opset == model.opsets.end() ? "of no operator set" : "opset " + std::to_string(opset->second);
  return model.origin + ": " + name + " (" + domain + node.op + ", " + version + ")";
}

Survey survey(const Model& model) { return Surveyor(model).run(); }

}  // namespace settle::onnx
