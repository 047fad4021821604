#include "graph/ops/pooling.hpp"

#include <optional>

#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/pool_planes.hpp"
#include "graph/ops/reduce.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/window_arguments.hpp"

namespace settle {
namespace {

// A window that lies in the padding altogether. Only the outermost can, unless a kernel's elements are so far apart
// that a window may have the whole axis between two of them.
std::optional<std::int64_t> window_in_padding(const WindowAxis& axis) {
  const bool outermost_only = axis.dilation <= axis.in;
  for (std::int64_t o = 0; o < axis.out; o += outermost_only ? std::max<std::int64_t>(1, axis.out - 1) : 1)
    if (axis.cells(o, false) == 0) return o;
  return std::nullopt;
}

// `F` is one of graph/ops/pool_planes.hpp.
template <class F>
class Pool final : public OpKernels<Pool<F>> {
 public:
  Pool(WindowSpec spec, std::size_t axes, F function) : spec_(std::move(spec)), axes_(axes), function_(function) {}

  std::string_view name() const override { return F::name; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const Shape& x = inputs[0];
    if (x.sample().rank() < axes_)
      throw BadConfig(std::string(name()) + " over " + std::to_string(axes_) +
                      " axes needs an input that has them, not " + x.to_string());
    const Window window = window_on(x);
    Shape y = x;
    for (std::size_t i = x.rank() - axes_; i < x.rank(); ++i) {
      const WindowAxis& axis = window.axes[kMaxSpatialAxes - x.rank() + i];
      if (const auto o = window_in_padding(axis))
        throw BadConfig(std::string(name()) + "'s window number " + std::to_string(*o) + " along an axis of " +
                        std::to_string(axis.in) + " elements lies in the padding altogether");
      y = with_extent(y, i, axis.out);
    }
    return y;
  }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    double result = static_cast<double>(output.size());
    // Not kernel_size(): a kernel of mostly padding may have more elements than 64 bits count.
    for (const WindowAxis& axis : window_on(inputs[0]).axes) result *= static_cast<double>(axis.kernel);
    return result;
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::string> operands{inputs[0].name};
    return with_batch_axis(writer, inputs[0].shape.rank() == axes_ + 2, operands, [&] {
      if (spec_.kernel.empty()) return writer.node("GlobalMaxPool", operands);
      std::vector<StandardAttribute> attributes = standard_attributes(spec_);
      function_.add_attributes(attributes);
      return writer.node(F::standard, operands, attributes);
    });
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const Window window = window_on(inputs[0].shape);
    const Scalar* x = inputs[0].data;
    for (Scalar* y = output.data; y != output.data + output.size(); y += window.out_size(), x += window.in_size())
      function_.run_plane(window, x, y);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const Window window = window_on(call.result.shape);
    const Scalar* x = call.inputs[0].data;
    Scalar* result = call.result.data;
    for (std::int64_t at = 0; at < call.adjoint.size(); at += window.out_size()) {
      function_.adjoint_plane(window, x, call.output.data + at, call.adjoint.data + at, result, call.accumulate);
      x += window.in_size();
      result += window.in_size();
    }
  }

 private:
  Window window_on(const Shape& x) const {
    const auto extents = wide(x.extents().last(axes_));
    return make_window(name(), spec_, extents, spec_.kernel.empty() ? extents : spec_.kernel);  // no kernel: global
  }

  WindowSpec spec_;
  std::size_t axes_;
  F function_;
};

template <class F>
OpPtr pool(WindowSpec window, F function) {
  const std::size_t axes = window.kernel.size();
  return std::make_shared<const Pool<F>>(std::move(window), axes, function);
}

FunctionSpec pool_function(const std::string& name, const std::string& keyword) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x, kernel [one for all axes or one each], stride=kernel, pad=0, " + keyword + "=" +
                   (keyword == "dilation" ? "1" : "0") + ", ceil=0)";
  spec.min_arguments = 2;
  spec.max_arguments = 1 + kMaxSpatialAxes;
  spec.keywords = {"stride", "pad", keyword, "ceil"};
  spec.make = [name](const Call& call) {
    const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
    WindowSpec window = window_arguments(name, call, 1, spatial_axes(name, x->shape), 0);
    window.ceil = named_switch(call, "ceil", false);
    return apply(name == "max_pool" ? max_pool_op(std::move(window))
                                    : average_pool_op(std::move(window), named_switch(call, "count_pad", false)),
                 {x});
  };
  return spec;
}

FunctionSpec global_function(const std::string& name, OpPtr (*make_op)(std::size_t axes)) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(x)";
  spec.make = [name, make_op](const Call& call) {
    const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
    return apply(make_op(spatial_axes(name, x->shape)), {x});
  };
  return spec;
}

// No two elements within 0.1 of each other: far from the kinks of a maximum.
GradientCase pool_case(const std::string& name, const OpPtr& op, const Shape& shape) {
  GradientCase gradient_case{std::string(op->name()) + " " + name, op, {case_values(name, shape, 0, 0.1)}};
  Tensor<double>& x = gradient_case.inputs[0];
  std::int64_t step = 7;
  while (x.size() % step == 0) step += 2;
  for (std::int64_t i = 0; i < x.size(); ++i)
    x.data()[i] += 0.2 * static_cast<double>(i * step % x.size() - x.size() / 2);
  return gradient_case;
}

}  // namespace

OpPtr max_pool_op(WindowSpec window) { return pool(std::move(window), MaxPlane{}); }
OpPtr average_pool_op(WindowSpec window, bool count_padding) {
  return pool(std::move(window), AveragePlane{count_padding});
}

OpPtr global_max_pool_op(std::size_t axes) {
  return std::make_shared<const Pool<MaxPlane>>(WindowSpec{}, axes, MaxPlane{});
}

OpPtr global_average_pool_op(std::size_t axes) {
  std::vector<std::int64_t> from_end;
  for (std::size_t i = 1; i <= axes; ++i) from_end.push_back(-static_cast<std::int64_t>(i));
  return mean_op(std::move(from_end), true);
}

OperatorFamily pooling_family() {
  OperatorFamily family;
  family.name = "pooling";
  family.functions = {pool_function("max_pool", "dilation"), pool_function("average_pool", "count_pad"),
                      global_function("global_max_pool", global_max_pool_op),
                      global_function("global_average_pool", global_average_pool_op)};
  const auto offer = [&family](const std::string& name, const WindowSpec& window, const Shape& x) {
    for (const OpPtr& op : {max_pool_op(window), average_pool_op(window), average_pool_op(window, true)})
      family.gradient_cases.push_back(pool_case(name, op, x));
  };
  offer("2-D", {.kernel = {2, 2}, .strides = {2, 2}}, {2, 3, 4, 6});
  offer("overlapping, padded", {.kernel = {3, 2}, .strides = {1, 2}, .pads = {1, 0, 2, 1}}, {2, 2, 4, 5});
  offer("dilated", {.kernel = {2, 3}, .dilations = {2, 1}}, {1, 2, 5, 4});
  offer("ceil", {.kernel = {3, 3}, .strides = {2, 2}, .pads = {0, 1, 0, 1}, .ceil = true}, {1, 2, 6, 6});
  offer("same upper", {.kernel = {2, 3}, .strides = {1, 2}, .auto_pad = AutoPad::same_upper}, {2, 1, 3, 5});
  offer("same lower", {.kernel = {2, 3}, .strides = {1, 2}, .auto_pad = AutoPad::same_lower}, {2, 1, 3, 6});
  offer("1-D", {.kernel = {3}, .strides = {2}, .auto_pad = AutoPad::valid}, {2, 2, 7});
  offer("3-D", {.kernel = {2, 2, 2}}, {1, 2, 3, 3, 2});
  for (const OpPtr& op : {global_max_pool_op(2), global_average_pool_op(2)})
    family.gradient_cases.push_back(pool_case("global", op, {2, 3, 4, 2}));
  return family;
}

}  // namespace settle
