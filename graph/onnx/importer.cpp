#include "graph/onnx/importer.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graph/onnx/error.hpp"
#include "graph/onnx/fold.hpp"
#include "graph/onnx/operator.hpp"
#include "graph/onnx/plan.hpp"
#include "graph/onnx/survey.hpp"

namespace settle::onnx {
namespace {

constexpr std::int64_t kOldestOpset = 1;
constexpr std::int64_t kNewestOpset = 17;
// Elements that a run would compute.
constexpr std::int64_t kMaxRunning = std::int64_t{1} << 31;

std::int64_t elements_written(const Model& model) {
  std::int64_t elements = 0;
  const auto add = [&](const Literal& literal) { elements += literal.values ? literal.values->size() : 0; };
  for (const Literal& initialiser : model.initialisers) add(initialiser);
  for (const NodeSpec& node : model.nodes)
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* literal = std::get_if<Literal>(&attribute)) add(*literal);
  return elements;
}

// Runs `read` and puts `place` in front of what it objects to.
template <class Read>
auto at_place(const std::string& place, Read read) {
  try {
    return read();
  } catch (const Unsupported& error) {
    throw Unsupported(place + ": " + error.what());
  } catch (const BadConfig& error) {
    throw BadConfig(place + ": " + error.what());
  }
}

class Importer {
 public:
  Importer(const Model& model, const ImportOptions& options)
      : model_(model), options_(options), survey_(survey(model)) {}

  Imported run() {
    check_operators();
    for (const Literal& initialiser : model_.initialisers) take_initialiser(initialiser);
    for (const TensorInfo& input : model_.inputs) take_input(input);
    for (const NodeSpec* node : survey_.nodes) at_place(place_of(model_, *node), [&] { take_node(*node); });
    for (const TensorInfo& output : model_.outputs)
      at_place(model_.origin + ": output '" + output.name + "'", [&] { take_output(output); });
    if (std::ranges::none_of(plan_, [](const PlannedVertex& vertex) { return vertex.prediction != nullptr; }))
      return std::move(result_);
    BuiltPlan built = at_place(model_.origin, [&] { return build_plan(plan_); });
    for (ImportedOutput& output : result_.outputs)
      if (output.vertex) output.vertex = built.vertices[*output.vertex];
    result_.graph = std::move(built.graph);
    return std::move(result_);
  }

 private:
  // --- what the model needs ------------------------------------------------------------------------------------------
  void check_operators() {
    const auto found = model_.opsets.find("");
    opset_ = found == model_.opsets.end() ? 0 : found->second;
    std::string missing;
    for (const NodeSpec* node : survey_.nodes) {
      const Operator* known = node->domain.empty() ? find_operator(node->op) : nullptr;
      std::string reason;
      if (known == nullptr)
        reason = "this operator is not supported";
      else if (opset_ < kOldestOpset || opset_ > kNewestOpset)
        reason = "operator sets 7 to " + std::to_string(kNewestOpset) + " are supported";
      else if (opset_ < known->since)
        reason = "this operator is supported from operator set " + std::to_string(known->since) + " on";
      if (!reason.empty()) missing += (missing.empty() ? "" : "\n") + place_of(model_, *node) + ": " + reason;
    }
    if (!missing.empty()) throw Unsupported(missing);
  }

  // --- leaves --------------------------------------------------------------------------------------------------------
  void take_initialiser(const Literal& initialiser) {
    if (!initialiser.values) return;  // an error where it is used
    const Shape& shape = initialiser.values->shape();
    if (!is_floating(initialiser.type) || shape.size() == 0) {
      values_[initialiser.name] = {constant(*initialiser.values), initialiser.type};
      return;
    }
    Initializer init{Initializer::Kind::values, 0, initialiser.values};
    values_[initialiser.name] = {own_parameter({initialiser.name, shape, std::move(init)}), initialiser.type};
  }

  void take_input(const TensorInfo& input) {
    const auto given = options_.inputs.find(input.name);
    const Tensor<double>* data = given == options_.inputs.end() ? nullptr : &given->second;
    // Old models list their initialisers among the inputs; data replace them.
    if (data == nullptr && values_.contains(input.name)) return;
    const std::string place = model_.origin + ": input '" + input.name + "'";
    const bool numbers = data == nullptr && is_numeric(input.type) && survey_.uses.contains(input.name);
    if (is_floating(input.type) || numbers) {
      const Shape shape = at_place(place, [&] { return input_shape(input, data, place); });
      if (data != nullptr) input_data_[plan_.size()] = data;
      values_[input.name] = {plan({input.name, shape, nullptr, nullptr}), input.type};
    } else if (data != nullptr) {
      at_place(place, [&] { return input_shape(input, data, place); });
      values_[input.name] = {constant(*data), input.type};
    } else if (survey_.uses.contains(input.name)) {
      throw Unsupported(place + " is not a tensor of numbers");
    }
  }

  // Errors: BadConfig (the caller adds the place), BadData where data do not fit.
  Shape input_shape(const TensorInfo& input, const Tensor<double>* data, const std::string& place) const {
    if (!input.shape) {
      if (data == nullptr) throw BadConfig("the model does not say its shape, and there are no data to take it from");
      return data->shape();
    }
    std::vector<std::int64_t> extents;
    for (std::size_t axis = 0; axis < input.shape->size(); ++axis) {
      const Dimension& dimension = (*input.shape)[axis];
      if (data != nullptr && axis < data->shape().rank() && !dimension.extent)
        extents.push_back(data->shape()[axis]);
      else if (dimension.extent)
        extents.push_back(*dimension.extent);
      else if (axis == options_.batch_axis)
        extents.push_back(options_.batch);
      else
        throw BadConfig("axis " + std::to_string(axis) + " has no fixed extent" +
                        (dimension.symbol.empty() ? "" : " ('" + dimension.symbol + "')") +
                        ": give data, or save the model with fixed shapes");
    }
    const Shape shape{std::span<const std::int64_t>(extents)};
    if (shape.batched()) throw BadConfig("an extent cannot be negative");
    if (data != nullptr && data->shape() != shape)
      throw BadData(place + " has shape " + shape.to_string() + ", its data " + data->shape().to_string());
    return shape;
  }

  // --- nodes ---------------------------------------------------------------------------------------------------------
  const Value& value(const std::string& tensor) const {
    const auto found = values_.find(tensor);
    if (found == values_.end()) throw Unsupported("tensor '" + tensor + "' is not a tensor of numbers");
    return found->second;
  }

  void take_node(const NodeSpec& node) {
    std::vector<const Value*> inputs;
    for (const std::string& name : node.inputs) inputs.push_back(name.empty() ? nullptr : &value(name));
    while (!inputs.empty() && inputs.back() == nullptr) inputs.pop_back();
    std::vector<char> wanted;
    for (const std::string& name : node.outputs) wanted.push_back(survey_.uses.contains(name) ? 1 : 0);
    const auto named = std::ranges::find_if(node.outputs, [](const std::string& name) { return !name.empty(); });
    const InnerTensor inner = [&](const std::string& name, const ExpressionPtr& tensor) {
      return settled({tensor, ElementType::float32}, unused(*named + "." + name, "'"), false).expression;
    };
    const NodeView view(node, opset_, std::move(inputs), std::move(wanted), known_, inner);
    Values outputs = find_operator(node.op)->import(view);
    for (std::size_t k = 0; k < node.outputs.size(); ++k) {
      if (!view.wants(k)) continue;
      if (k >= outputs.size() || !outputs[k].expression)
        throw Unsupported("output " + std::to_string(k) + " ('" + node.outputs[k] + "') is not supported");
      define(node.outputs[k], std::move(outputs[k]));
    }
  }

  void define(const std::string& tensor, Value value) {
    values_[tensor] = settled(std::move(value), vertex_name(tensor), taken_in(tensor));
  }

  // A tensor as what is computed from it sees it: a constant, a vertex, or still an expression.
  Value settled(Value value, const std::string& name, bool taken_in) {
    if (value.is_constant()) return value;
    const Ingredients parts = ingredients_of(value.expression);
    const bool floating = is_floating(value.type);
    const bool data = !parts.vertices.empty();
    if (!data && (!floating || parts.parameters.empty()))
      value.expression = constant(*known_elements(value.expression));
    else if (value.shape().size() == 0)
      value.expression = constant(Tensor<double>(value.shape()));
    else if (floating && (data || options_.granularity == Granularity::all) && !taken_in)
      value.expression = plan({name, value.shape(), value.expression, gaussian()});
    return value;
  }

  // Granularity `layer`: computed within the one node that uses it.
  bool taken_in(const std::string& tensor) const {
    const Uses& uses = survey_.uses.at(tensor);
    return options_.granularity == Granularity::layer && !uses.output && uses.nodes.size() == 1 &&
           find_operator(uses.nodes[0]->op)->unary;
  }

  std::optional<Tensor<double>> known_elements(const ExpressionPtr& expression) {
    if (expression->kind == Expression::Kind::constant) return expression->constant;
    const Ingredients parts = ingredients_of(expression);
    for (const Expression* vertex : parts.vertices)
      if (!input_data_.contains(vertex->vertex)) return std::nullopt;
    work_ += parts.work;
    if (work_ > options_.most_work)
      throw Unsupported("computing its constants would take more than " +
                        std::to_string(static_cast<std::int64_t>(options_.most_work)) + " operations");
    hold(parts.elements);
    return evaluate(with_leaves(expression, [&](const ExpressionPtr& leaf) {
      if (leaf->kind == Expression::Kind::vertex) return constant(*input_data_.at(leaf->vertex));
      if (leaf->kind == Expression::Kind::parameter) return constant(*leaf->parameter.init.values);
      return leaf;
    }));
  }

  void hold(std::int64_t elements) {
    constants_ += elements;
    if (constants_ > options_.most_constants + written_)
      throw Unsupported("its constants would have " + std::to_string(options_.most_constants) +
                        " more elements than are written in the file");
  }

  // --- vertices ------------------------------------------------------------------------------------------------------
  // What other vertices use it by.
  ExpressionPtr plan(PlannedVertex vertex) {
    running_ += vertex.shape.size();
    if (vertex.prediction) {
      const Ingredients parts = ingredients_of(vertex.prediction);
      running_ += parts.elements;
      hold(parts.constants);
    }
    if (running_ > kMaxRunning) throw Unsupported("more than 2^31 elements would be computed in each run");
    names_.insert(vertex.name);
    auto use = std::make_shared<Expression>();
    use->kind = Expression::Kind::vertex;
    use->vertex = static_cast<VertexId>(plan_.size());
    use->shape = vertex.shape;
    plan_.push_back(std::move(vertex));
    return use;
  }

  // A graph output that other nodes use leaves its name to the vertex that is the output.
  std::string vertex_name(const std::string& tensor) const {
    const Uses& uses = survey_.uses.at(tensor);
    return uses.output && !uses.nodes.empty() ? unused(tensor, " (inner)") : tensor;
  }

  std::string unused(std::string name, const std::string& suffix) const {
    while (names_.contains(name) || survey_.uses.contains(name)) name += suffix;
    return name;
  }

  void take_output(const TensorInfo& output) {
    ImportedOutput entry;
    entry.name = output.name;
    const Value& from = value(output.name);
    entry.type = from.type;
    if (from.is_constant()) {
      entry.constant = from.expression->constant;
    } else {
      entry.vertex = output_vertex(output.name, from);
      plan_[*entry.vertex].energy = options_.output_energy ? options_.output_energy : gaussian();
    }
    result_.outputs.push_back(std::move(entry));
  }

  // A vertex that nothing uses and that has the output's name, where the name is free.
  VertexId output_vertex(const std::string& name, const Value& from) {
    const Expression& expression = *from.expression;
    if (expression.kind == Expression::Kind::vertex && plan_[expression.vertex].prediction &&
        plan_[expression.vertex].name == name)
      return expression.vertex;
    const bool taken = names_.contains(name) || expression.kind == Expression::Kind::parameter;
    plan({taken ? unused(name, " (output)") : name, from.shape(), from.expression, nullptr});
    return static_cast<VertexId>(plan_.size() - 1);
  }

  const Model& model_;
  const ImportOptions& options_;
  const Survey survey_;
  std::int64_t opset_ = 0;
  std::unordered_map<std::string, Value> values_;
  std::vector<PlannedVertex> plan_;
  std::unordered_set<std::string> names_;                              // of planned vertices
  std::unordered_map<std::size_t, const Tensor<double>*> input_data_;  // by position in the plan
  const std::int64_t written_ = elements_written(model_);
  std::int64_t constants_ = 0;
  std::int64_t running_ = 0;
  double work_ = 0;
  Imported result_;
  const KnownElements known_ = [this](const ExpressionPtr& expression) { return known_elements(expression); };
};

}  // namespace

Imported import_model(const Model& model, const ImportOptions& options) { return Importer(model, options).run(); }

}  // namespace settle::onnx
