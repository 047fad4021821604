#include "graph/ops/gather.hpp"

#include <limits>

#include "graph/eigen.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/index_maps.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

constexpr std::string_view name_of(const AlongAxis&) { return "gather"; }
constexpr std::string_view name_of(const PerElement&) { return "gather_elements"; }
constexpr std::string_view name_of(const PerTuple&) { return "gather_nd"; }

// The map as the standard writes it.
std::string standard_gather(StandardWriter& writer, const AlongAxis& map, const std::string& x, const std::string& at) {
  if (map.batch_axes == 0) return writer.node("Gather", {x, at}, {{"axis", map.axis}});
  throw BadConfig("gather by each sample's own indices has no counterpart in ONNX");
}
std::string standard_gather(StandardWriter& writer, const PerElement& map, const std::string& x,
                            const std::string& at) {
  return writer.node("GatherElements", {x, at}, {{"axis", map.axis}});
}
std::string standard_gather(StandardWriter& writer, const PerTuple& map, const std::string& x, const std::string& at) {
  return writer.node("GatherND", {x, at}, {{"batch_dims", static_cast<std::int64_t>(map.batch_axes)}});
}

template <class Map>
class Gather final : public OpKernels<Gather<Map>> {
 public:
  explicit Gather(const Map& map) : map_(map) {}

  std::string_view name() const override { return name_of(map_); }
  bool adjoint_reads(std::size_t of, std::size_t other) const override { return of == x && other == indices; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 2);
    return map_.picked(name(), inputs[x], inputs[indices]);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return standard_gather(writer, map_, inputs[x].name, as_indices(writer, inputs[indices].name));
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    map_.for_each(inputs[x].shape, inputs[indices], [&](std::int64_t from, std::int64_t to, std::int64_t length) {
      if (from == kNowhere)
        std::fill_n(output.data + to, length, std::numeric_limits<Scalar>::quiet_NaN());
      else
        std::copy_n(inputs[x].data + from, length, output.data + to);
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    if (call.input == indices) return;
    map_.for_each(
        call.result.shape, call.inputs[indices], [&](std::int64_t from, std::int64_t to, std::int64_t length) {
          if (from == kNowhere) return;
          ArrayMap<Scalar>(call.result.data + from, length) += ConstArrayMap<Scalar>(call.adjoint.data + to, length);
        });
  }

 private:
  enum Operand : std::size_t { x, indices };
  Map map_;
};

template <class Map>
OpPtr gather_by(const Map& map) {
  return std::make_shared<const Gather<Map>>(map);
}

template <class Map>
ExpressionPtr gather_by(const Map& map, const ExpressionPtr& x, const ExpressionPtr& indices) {
  ExpressionPtr picked = apply(gather_by(map), {x, indices});
  require_constant_indices(map, name_of(map), x->shape, *indices);
  return picked;
}

ExpressionPtr make_gather(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of gather");
  const ExpressionPtr& indices = tensor_argument(call.arguments[1], "the indices of gather");
  const bool each_sample = x->shape.batched() && indices->shape.batched();
  return gather(x, indices, axis_argument(call, x->shape, first_axis(x->shape)), each_sample ? 1 : 0);
}

ExpressionPtr make_gather_elements(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of gather_elements");
  return gather_elements(x, tensor_argument(call.arguments[1], "the indices of gather_elements"),
                         axis_argument(call, x->shape, first_axis(x->shape)));
}

ExpressionPtr make_embedding(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of embedding");
  const std::int64_t count = integer_argument(call.arguments[1], "count of embedding");
  const std::int64_t units = integer_argument(call.arguments[2], "units of embedding");
  if (count < 1 || units < 1)
    throw BadConfig("embedding needs a count and units of at least 1, not " + std::to_string(count) + " and " +
                    std::to_string(units));
  const Initializer init = call.scope->default_init(units);
  return gather(parameter_maker(call, "embedding")("weight", {count, units}, init), x, -2);
}

GradientCase gather_case(const std::string& name, const OpPtr& op, const Shape& x, const Shape& indices,
                         std::initializer_list<double> values) {
  return {name,
          op,
          {case_values(name, x), Tensor<double>(indices, std::span<const double>(values.begin(), values.size()))},
          {1}};
}

}  // namespace

OpPtr gather_op(std::int64_t axis_from_end, std::size_t batch_axes) {
  return gather_by(AlongAxis{axis_from_end, batch_axes});
}
OpPtr gather_elements_op(std::int64_t axis_from_end) { return gather_by(PerElement{axis_from_end}); }
OpPtr gather_nd_op(std::size_t batch_axes) { return gather_by(PerTuple{batch_axes}); }

ExpressionPtr gather(const ExpressionPtr& x, const ExpressionPtr& indices, std::int64_t axis_from_end,
                     std::size_t batch_axes) {
  return gather_by(AlongAxis{axis_from_end, batch_axes}, x, indices);
}
ExpressionPtr gather_elements(const ExpressionPtr& x, const ExpressionPtr& indices, std::int64_t axis_from_end) {
  return gather_by(PerElement{axis_from_end}, x, indices);
}
ExpressionPtr gather_nd(const ExpressionPtr& x, const ExpressionPtr& indices, std::size_t batch_axes) {
  return gather_by(PerTuple{batch_axes}, x, indices);
}

OperatorFamily gather_family() {
  OperatorFamily family;
  family.name = "gather";
  const auto offer = [&family](const std::string& name, const std::string& signature, std::size_t arguments,
                               std::vector<std::string> keywords, ExpressionPtr (*make)(const Call&)) {
    family.functions.push_back({name, signature, arguments, arguments, std::move(keywords), make});
  };
  offer("gather", "gather(x, indices, axis=0)", 2, {"axis"}, make_gather);
  offer("gather_elements", "gather_elements(x, indices, axis=0)", 2, {"axis"}, make_gather_elements);
  offer("embedding", "embedding(x, count, units, share=NAME)", 3, {"share"}, make_embedding);
  // With indices that occur twice, and that count from the end.
  family.gradient_cases = {
      gather_case("gather of rows", gather_op(-2), {4, 3}, {2, 3}, {0, 3, 3, -1, 1, -4}),
      gather_case("gather of columns", gather_op(-1), {2, 4}, {3}, {2, 0, 2}),
      gather_case("gather of one element", gather_op(-2), {2, 4, 3}, {}, {-2}),
      gather_case("gather by each sample's own indices", gather_op(-2, 1), {2, 4, 3}, {2, 2}, {3, 3, -1, 0}),
      gather_case("gather_elements of the last axis", gather_elements_op(-1), {2, 3}, {2, 4},
                  {0, 2, 2, -1, 1, 1, -3, 0}),
      gather_case("gather_elements of the first axis", gather_elements_op(-2), {3, 3}, {2, 2}, {0, 2, -1, 2}),
      gather_case("gather_nd of elements", gather_nd_op(), {2, 3}, {3, 2}, {0, 2, 1, -1, 0, 2}),
      gather_case("gather_nd of rows", gather_nd_op(), {2, 3, 2}, {2, 1, 2}, {0, -1, 1, 0}),
      gather_case("gather_nd of each sample", gather_nd_op(1), {2, 3, 2}, {2, 2, 1}, {0, 2, -1, 2}),
  };
  return family;
}

}  // namespace settle
