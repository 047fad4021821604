#include "graph/ops/scatter.hpp"

#include <limits>

#include "graph/eigen.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/index_maps.hpp"
#include "graph/ops/product.hpp"
#include "graph/ops/scratch.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

constexpr std::string_view name_of(const PerElement&) { return "scatter_elements"; }
constexpr std::string_view name_of(const PerTuple&) { return "scatter_nd"; }

template <class Map>
class Scatter final : public OpKernels<Scatter<Map>> {
 public:
  Scatter(const Map& map, ScatterMode mode) : map_(map), mode_(mode) {}

  std::string_view name() const override { return name_of(map_); }
  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    return of != indices && (other == indices || mode_ == ScatterMode::multiply);
  }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 3);
    const Shape picked = map_.picked(name(), inputs[x], inputs[indices]);
    if (!(inputs[updates] == picked))
      throw BadConfig(std::string(name()) + " needs updates " + picked.to_string() + ", as its indices say, not " +
                      inputs[updates].to_string());
    return inputs[x];
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<StandardAttribute> attributes;
    if (mode_ != ScatterMode::replace)
      attributes.push_back({"reduction", std::string(mode_ == ScatterMode::add ? "add" : "mul")});
    if constexpr (requires { map_.axis; }) attributes.push_back({"axis", map_.axis});
    return writer.node(std::is_same_v<Map, PerTuple> ? "ScatterND" : "ScatterElements",
                       {inputs[x].name, as_indices(writer, inputs[indices].name), inputs[updates].name}, attributes);
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output) = array(inputs[x]);
    bool lost = false;
    map_.for_each(output.shape, inputs[indices], [&](std::int64_t to, std::int64_t at, std::int64_t length) {
      lost = lost || to == kNowhere;
      if (to == kNowhere) return;
      ArrayMap<Scalar> y(output.data + to, length);
      const ConstArrayMap<Scalar> update(inputs[updates].data + at, length);
      if (mode_ == ScatterMode::replace)
        y = update;
      else if (mode_ == ScatterMode::add)
        y += update;
      else
        y *= update;
    });
    if (lost) array(output).setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (call.input == indices) {
      if (!call.accumulate) array(call.result).setZero();
    } else if (call.input == x) {
      adjoint_of_x(call);
    } else {
      if (!call.accumulate) array(call.result).setZero();
      adjoint_of_updates(call);
    }
  }

 private:
  enum Operand : std::size_t { x, indices, updates };

  // Of every element of y: the product of its factors that are not 0, and how many are.
  template <class Scalar>
  struct Factors {
    ArrayMap<Scalar> product;
    ArrayMap<Scalar> zeros;
  };
  template <class Scalar>
  Factors<Scalar> factors(const Backward<Scalar>& call) const {
    const std::int64_t size = call.adjoint.size();
    Scalar* memory = scratch<Scalar>(2 * size);
    Factors<Scalar> result{{memory, size}, {memory + size, size}};
    result.product = unless_zero(array(call.inputs[x]));
    result.zeros = is_zero(array(call.inputs[x]));
    for_each_update(call, [&](std::int64_t to, std::int64_t at, std::int64_t length) {
      const ConstArrayMap<Scalar> update(call.inputs[updates].data + at, length);
      result.product.segment(to, length) *= unless_zero(update);
      result.zeros.segment(to, length) += is_zero(update);
    });
    return result;
  }

  // Calls visit(offset in y, offset in updates, length) for each piece that has a place.
  template <class Scalar, class Visit>
  void for_each_update(const Backward<Scalar>& call, Visit&& visit) const {
    map_.for_each(call.adjoint.shape, call.inputs[indices], [&](std::int64_t to, std::int64_t at, std::int64_t length) {
      if (to != kNowhere) visit(to, at, length);
    });
  }

  template <class Scalar>
  void adjoint_of_x(const Backward<Scalar>& call) const {
    const auto g = array(call.adjoint);
    auto result = array(call.result);
    if (mode_ == ScatterMode::add) {
      store(result, g, call.accumulate);
    } else if (mode_ == ScatterMode::multiply) {
      const Factors<Scalar> all = factors(call);
      store(result, g * product_of_others(array(call.inputs[x]), all.product, all.zeros), call.accumulate);
    } else {
      ArrayMap<Scalar> kept(scratch<Scalar>(g.size()), g.size());
      kept.setOnes();
      for_each_update(call,
                      [&](std::int64_t to, std::int64_t, std::int64_t length) { kept.segment(to, length).setZero(); });
      store(result, (kept == 0).select(0, g), call.accumulate);
    }
  }

  // Adds to the result, which starts from 0 or from itself.
  template <class Scalar>
  void adjoint_of_updates(const Backward<Scalar>& call) const {
    const auto g = array(call.adjoint);
    auto result = array(call.result);
    if (mode_ == ScatterMode::add) {
      for_each_update(call, [&](std::int64_t to, std::int64_t at, std::int64_t length) {
        result.segment(at, length) += g.segment(to, length);
      });
    } else if (mode_ == ScatterMode::multiply) {
      const Factors<Scalar> all = factors(call);
      for_each_update(call, [&](std::int64_t to, std::int64_t at, std::int64_t length) {
        const ConstArrayMap<Scalar> update(call.inputs[updates].data + at, length);
        result.segment(at, length) += g.segment(to, length) * product_of_others(update, all.product.segment(to, length),
                                                                                all.zeros.segment(to, length));
      });
    } else {
      // Which piece came last, by its offset: in double, which numbers more elements than a tensor has.
      double* last = scratch<double>(g.size());
      for_each_update(call,
                      [&](std::int64_t to, std::int64_t at, std::int64_t) { last[to] = static_cast<double>(at); });
      for_each_update(call, [&](std::int64_t to, std::int64_t at, std::int64_t length) {
        if (last[to] == static_cast<double>(at)) result.segment(at, length) += g.segment(to, length);
      });
    }
  }

  Map map_;
  ScatterMode mode_;
};

template <class Map>
OpPtr scatter_by(const Map& map, ScatterMode mode) {
  return std::make_shared<const Scatter<Map>>(map, mode);
}

template <class Map>
ExpressionPtr scatter_by(const Map& map, ScatterMode mode, const ExpressionPtr& x, const ExpressionPtr& indices,
                         const ExpressionPtr& updates) {
  ExpressionPtr result = apply(scatter_by(map, mode), {x, indices, updates});
  require_constant_indices(map, name_of(map), x->shape, *indices);
  return result;
}

ScatterMode mode_argument(const Call& call) {
  const auto found = call.named.find("mode");
  if (found == call.named.end() || found->second.word == "replace") return ScatterMode::replace;
  if (found->second.word == "add") return ScatterMode::add;
  if (found->second.word == "multiply") return ScatterMode::multiply;
  throw BadConfig("mode of scatter_elements must be replace, add or multiply");
}

ExpressionPtr make_scatter_elements(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of scatter_elements");
  return scatter_elements(x, tensor_argument(call.arguments[1], "the indices of scatter_elements"),
                          tensor_argument(call.arguments[2], "the updates of scatter_elements"),
                          axis_argument(call, x->shape, first_axis(x->shape)), mode_argument(call));
}

// Indices meet, and one counts from the end; with zeros, factors 0 occur once and twice in one product.
void add_scatter_cases(OperatorFamily& family, ScatterMode mode, const std::string& what, bool zeros) {
  const auto add = [&](const std::string& name, const OpPtr& op, const Shape& x, const Shape& indices,
                       std::initializer_list<double> values, const Shape& updates) {
    GradientCase scatter_case{
        name + " that " + what,
        op,
        {case_values(name, x), Tensor<double>(indices, std::span<const double>(values.begin(), values.size())),
         case_values(name + " updates", updates)},
        {1}};
    if (zeros)
      for (const std::size_t element : {0U, 3U})
        scatter_case.inputs[0].data()[element] = scatter_case.inputs[2].data()[element] = 0;
    family.gradient_cases.push_back(std::move(scatter_case));
  };
  add("scatter_elements", scatter_elements_op(-2, mode), {4, 3}, {3, 2}, {0, 1, 0, -1, 2, 0}, {3, 2});
  add("scatter_elements along the last axis", scatter_elements_op(-1, mode), {2, 4}, {2, 3}, {0, 0, 2, -1, 1, 3},
      {2, 3});
  add("scatter_nd of elements", scatter_nd_op(mode), {2, 3}, {4, 2}, {0, 0, 1, -1, 0, 0, 1, 0}, {4});
  add("scatter_nd of rows", scatter_nd_op(mode), {3, 2}, {3, 1}, {0, -1, 0}, {3, 2});
}

}  // namespace

OpPtr scatter_elements_op(std::int64_t axis_from_end, ScatterMode mode) {
  return scatter_by(PerElement{axis_from_end}, mode);
}
OpPtr scatter_nd_op(ScatterMode mode) { return scatter_by(PerTuple{}, mode); }

ExpressionPtr scatter_elements(const ExpressionPtr& x, const ExpressionPtr& indices, const ExpressionPtr& updates,
                               std::int64_t axis_from_end, ScatterMode mode) {
  return scatter_by(PerElement{axis_from_end}, mode, x, indices, updates);
}
ExpressionPtr scatter_nd(const ExpressionPtr& x, const ExpressionPtr& indices, const ExpressionPtr& updates,
                         ScatterMode mode) {
  return scatter_by(PerTuple{}, mode, x, indices, updates);
}

OperatorFamily scatter_family() {
  OperatorFamily family;
  family.name = "scatter";
  family.functions.push_back({.name = "scatter_elements",
                              .signature = "scatter_elements(x, indices, updates, axis=0, mode=replace)",
                              .min_arguments = 3,
                              .max_arguments = 3,
                              .keywords = {"axis", "mode"},
                              .make = make_scatter_elements});
  add_scatter_cases(family, ScatterMode::replace, "replaces", false);
  add_scatter_cases(family, ScatterMode::add, "adds", false);
  add_scatter_cases(family, ScatterMode::multiply, "multiplies", false);
  add_scatter_cases(family, ScatterMode::multiply, "multiplies zeros", true);
  return family;
}

}  // namespace settle
