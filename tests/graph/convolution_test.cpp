#include "graph/ops/convolution.hpp"

#include <doctest/doctest.h>

#include "graph/random.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

template <class Scalar = double>
Tensor<Scalar> random(const std::string& name, const Shape& shape) {
  Tensor<Scalar> values(shape);
  RandomStream stream(1, name, "test");
  for (Scalar& x : values.flat()) x = static_cast<Scalar>(2 * stream.uniform() - 1);
  return values;
}

struct Attributes {
  std::int64_t stride_h = 1, stride_w = 1, top = 0, left = 0, bottom = 0, right = 0, dilation_h = 1, dilation_w = 1;
  std::int64_t groups = 1;

  ConvolutionSpec spec() const {
    ConvolutionSpec result;
    result.window.strides = {stride_h, stride_w};
    result.window.pads = {top, left, bottom, right};
    result.window.dilations = {dilation_h, dilation_w};
    result.groups = groups;
    result.bias = false;
    return result;
  }
};

// Every product x[xi] weight[wi] that output yi is made of, by the definition of a 2-D convolution.
template <class Visit>
void for_each_product(const Attributes& a, const Shape& x, const Shape& w, const Shape& y, Visit&& visit) {
  const std::int64_t in = w[1];
  const std::int64_t out = w[0] / a.groups;
  for (std::int64_t n = 0; n < y[0]; ++n)
    for (std::int64_t m = 0; m < y[1]; ++m)
      for (std::int64_t oy = 0; oy < y[2]; ++oy)
        for (std::int64_t ox = 0; ox < y[3]; ++ox)
          for (std::int64_t c = 0; c < in; ++c)
            for (std::int64_t ky = 0; ky < w[2]; ++ky)
              for (std::int64_t kx = 0; kx < w[3]; ++kx) {
                const std::int64_t iy = oy * a.stride_h - a.top + ky * a.dilation_h;
                const std::int64_t ix = ox * a.stride_w - a.left + kx * a.dilation_w;
                if (iy < 0 || iy >= x[2] || ix < 0 || ix >= x[3]) continue;
                visit(((n * x[1] + m / out * in + c) * x[2] + iy) * x[3] + ix, ((m * in + c) * w[2] + ky) * w[3] + kx,
                      ((n * y[1] + m) * y[2] + oy) * y[3] + ox);
              }
}

template <class Scalar>
double distance(const Tensor<Scalar>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == static_cast<std::int64_t>(b.size()));
  double worst = 0;
  for (std::size_t i = 0; i < b.size(); ++i) worst = std::max(worst, std::abs(static_cast<double>(a.data()[i]) - b[i]));
  return worst;
}

template <class Scalar>
void check_against_definition(const Attributes& a, const Shape& x_shape, const Shape& w_shape, double tolerance) {
  const OpPtr op = conv_op(a.spec());
  const Tensor<Scalar> x = random<Scalar>("x", x_shape);
  const Tensor<Scalar> w = random<Scalar>("w", w_shape);
  const Tensor<Scalar> g = random<Scalar>("g", inferred(op, {x_shape, w_shape}));
  const auto of = [](const auto& size) { return std::vector<double>(static_cast<std::size_t>(size)); };
  std::vector<double> y = of(g.size());
  std::vector<double> dx = of(x.size());
  std::vector<double> dw = of(w.size());
  for_each_product(a, x_shape, w_shape, g.shape(), [&](std::int64_t xi, std::int64_t wi, std::int64_t yi) {
    const auto value = [](const Tensor<Scalar>& t, std::int64_t i) { return static_cast<double>(t.data()[i]); };
    y[static_cast<std::size_t>(yi)] += value(x, xi) * value(w, wi);
    dx[static_cast<std::size_t>(xi)] += value(g, yi) * value(w, wi);
    dw[static_cast<std::size_t>(wi)] += value(g, yi) * value(x, xi);
  });
  CHECK(distance(forward<Scalar>(op, {x, w}), y) < tolerance);
  CHECK(distance(backward<Scalar>(op, {x, w}, g, 0), dx) < tolerance);
  CHECK(distance(backward<Scalar>(op, {x, w}, g, 1), dw) < tolerance);
  // A transposed convolution is the adjoint of the convolution with the same weight and attributes.
  ConvolutionSpec transposed = a.spec();
  const auto left_over = [](std::int64_t in, std::int64_t pads, std::int64_t kernel, std::int64_t dilation,
                            std::int64_t stride) { return (in + pads - (kernel - 1) * dilation - 1) % stride; };
  transposed.output_padding = {left_over(x_shape[2], a.top + a.bottom, w_shape[2], a.dilation_h, a.stride_h),
                               left_over(x_shape[3], a.left + a.right, w_shape[3], a.dilation_w, a.stride_w)};
  CHECK(distance(forward<Scalar>(conv_transpose_op(transposed), {g, w}), dx) < tolerance);
}

}  // namespace

TEST_CASE("a convolution and its adjoints follow the definition") {
  check_against_definition<double>({}, {2, 3, 6, 5}, {4, 3, 3, 2}, 1e-13);
  check_against_definition<double>({.stride_h = 2, .stride_w = 3}, {2, 3, 8, 9}, {4, 3, 3, 2}, 1e-13);
  check_against_definition<double>({.top = 2, .left = 1, .bottom = 0, .right = 3}, {2, 2, 3, 4}, {3, 2, 3, 3}, 1e-13);
  check_against_definition<double>({.stride_h = 2, .top = 1, .left = 2, .bottom = 1, .right = 2, .dilation_w = 2},
                                   {2, 2, 7, 6}, {3, 2, 3, 3}, 1e-13);
  check_against_definition<double>({.groups = 2}, {2, 4, 5, 5}, {6, 2, 3, 3}, 1e-13);
  check_against_definition<double>({.groups = 5}, {2, 5, 4, 4}, {5, 1, 2, 2}, 1e-13);
  check_against_definition<double>({}, {2, 3, 4, 4}, {5, 3, 1, 1}, 1e-13);
  check_against_definition<double>({.stride_h = 2, .stride_w = 2}, {2, 3, 5, 4}, {5, 3, 1, 1}, 1e-13);
  check_against_definition<float>({}, {3, 3, 32, 32}, {6, 3, 5, 5}, 5e-4);
  check_against_definition<float>({}, {3, 6, 14, 14}, {16, 6, 5, 5}, 5e-4);
}

TEST_CASE("a convolution of more patches than fit a cache is worked off in pieces") {
  check_against_definition<double>({.top = 1, .left = 1, .bottom = 1, .right = 1}, {1, 12, 40, 40}, {2, 12, 3, 3},
                                   1e-12);
}

TEST_CASE("with strides of 1 every tile of rows and columns convolves by the definition") {
  for (const std::int64_t channels : {1, 2, 3, 4, 5, 6, 7, 8, 9, 17}) {
    check_against_definition<double>({}, {3, 2, 7, 4 * channels}, {channels, 2, 3, 2}, 1e-13);
    check_against_definition<float>({.top = 1, .left = 1, .bottom = 1, .right = 1}, {2, channels, 5, 9},
                                    {2 * channels, channels, 3, 3}, 2e-5);
  }
  check_against_definition<float>({}, {5, 3, 9, 9}, {70, 3, 3, 3}, 1e-4);
}

TEST_CASE("with strides of 1 any padding, dilation and group convolves by the definition") {
  check_against_definition<double>({.top = 3, .left = 4, .bottom = 5, .right = 2}, {2, 3, 4, 5}, {5, 3, 2, 2}, 1e-13);
  check_against_definition<double>({.top = 9, .left = 9, .bottom = 9, .right = 9}, {1, 1, 2, 2}, {3, 1, 3, 3}, 1e-13);
  check_against_definition<double>({.top = 1, .right = 2, .dilation_h = 3, .dilation_w = 2}, {2, 3, 9, 11},
                                   {4, 3, 3, 4}, 1e-13);
  check_against_definition<double>({.groups = 3}, {2, 6, 8, 9}, {27, 2, 3, 3}, 1e-13);
  check_against_definition<float>({.top = 1, .left = 1, .bottom = 1, .right = 1, .groups = 12}, {2, 12, 14, 14},
                                  {12, 1, 3, 3}, 1e-4);
  check_against_definition<double>({}, {3, 4, 5, 5}, {20, 4, 5, 5}, 1e-13);  // one position
}

TEST_CASE("a convolution over three axes is a sum of convolutions of planes") {
  const Tensor<double> x = random("x", {1, 1, 4, 6, 9});
  const Tensor<double> w = random("w", {2, 1, 2, 3, 3});
  const ConvolutionSpec padded{.window = {.pads = {1, 0, 2, 1, 1, 0}}, .bias = false};
  const ConvolutionSpec plane{.window = {.pads = {0, 2, 1, 0}}, .bias = false};
  const Tensor<double> y = forward(conv_op(padded), {x, w});
  REQUIRE(y.shape() == Shape{1, 2, 5, 5, 9});
  const auto part = [](const Tensor<double>& whole, std::int64_t from, const Shape& shape) {
    return Tensor<double>(shape, whole.flat().subspan(static_cast<std::size_t>(from * shape.size()),
                                                      static_cast<std::size_t>(shape.size())));
  };
  for (std::int64_t o = 0; o < 2; ++o)
    for (std::int64_t z = 0; z < 5; ++z) {
      std::vector<double> sum(45);
      for (std::int64_t k = 0; k < 2; ++k) {
        const std::int64_t from = z - 1 + k;
        if (from < 0 || from >= 4) continue;
        const Tensor<double> product =
            forward(conv_op(plane), {part(x, from, {1, 1, 6, 9}), part(w, 2 * o + k, {1, 1, 3, 3})});
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += product.flat()[i];
      }
      CHECK(distance(part(y, 5 * o + z, {1, 1, 5, 9}), sum) < 1e-13);
    }
}

TEST_CASE("convolutions give the numbers of the specification's examples") {
  std::vector<double> counted(25);
  for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = static_cast<double>(i);
  const Tensor<double> x = tensor({1, 1, 5, 5}, counted);
  const Tensor<double> ones = tensor({1, 1, 3, 3}, std::vector<double>(9, 1.0));
  CHECK(elements(forward(conv_op({.bias = false}), {x, ones})) ==
        std::vector<double>{54, 63, 72, 99, 108, 117, 144, 153, 162});
  const ConvolutionSpec padded{.window = {.strides = {2, 2}, .pads = {1, 1, 1, 1}}, .bias = false};
  CHECK(elements(forward(conv_op(padded), {x, ones})) == std::vector<double>{12, 27, 24, 63, 108, 81, 72, 117, 84});
  const ConvolutionSpec lower{.window = {.strides = {2, 2}, .auto_pad = AutoPad::same_lower}, .bias = false};
  CHECK(elements(forward(conv_op(lower), {x, ones})) == std::vector<double>{12, 27, 24, 63, 108, 81, 72, 117, 84});
  const Tensor<double> small = tensor({1, 1, 3, 3}, {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0});
  CHECK(elements(forward(conv_transpose_op({.bias = false}), {small, ones})) ==
        std::vector<double>{0, 1, 3, 3, 2, 3, 8, 15, 12, 7, 9, 21, 36, 27, 15, 9, 20, 33, 24, 13, 6, 13, 21, 15, 8});
}

TEST_CASE("one axis, three axes and a single sample convolve too") {
  const Tensor<double> line = tensor({1, 1, 4}, {1.0, 2.0, 3.0, 4.0});
  const Tensor<double> kernel = tensor({1, 1, 2}, {10.0, 1.0});
  const Tensor<double> bias = tensor({1}, {0.5});
  CHECK(elements(forward(conv_op(), {line, kernel, bias})) == std::vector<double>{12.5, 23.5, 34.5});
  CHECK(elements(forward(conv_op(), {tensor({1, 4}, {1.0, 2.0, 3.0, 4.0}), kernel, bias})) ==
        std::vector<double>{12.5, 23.5, 34.5});
  CHECK(elements(forward(conv_transpose_op(), {line, kernel, bias})) ==
        std::vector<double>{10.5, 21.5, 32.5, 43.5, 4.5});
  CHECK(inferred(conv_op(), {{batch, 2, 5, 6, 7}, {4, 2, 2, 3, 4}, {4}}) == Shape{batch, 4, 4, 4, 4});
}

TEST_CASE("padding that keeps the extent puts the odd element where it is asked to") {
  const Tensor<double> line = tensor({1, 1, 3}, {1.0, 2.0, 3.0});
  const Tensor<double> kernel = tensor({1, 1, 2}, {10.0, 1.0});
  const auto padded = [&](AutoPad pad) {
    return elements(forward(conv_op({.window = {.auto_pad = pad}, .bias = false}), {line, kernel}));
  };
  CHECK(padded(AutoPad::same_upper) == std::vector<double>{12, 23, 30});
  CHECK(padded(AutoPad::same_lower) == std::vector<double>{1, 12, 23});
  CHECK(padded(AutoPad::valid) == std::vector<double>{12, 23});
}

TEST_CASE("transposed convolutions arrive at the extents of the specification") {
  const auto shape = [](const ConvolutionSpec& spec, std::int64_t in, std::int64_t kernel) {
    return inferred(conv_transpose_op(spec), {{1, 1, in}, {1, 2, kernel}, {2}})[2];
  };
  CHECK(shape({}, 3, 3) == 5);
  CHECK(shape({.window = {.strides = {3}}, .output_padding = {1}}, 3, 3) == 10);
  CHECK(shape({.window = {.strides = {3}}, .output_shape = {10}}, 3, 3) == 10);
  CHECK(shape({.window = {.strides = {2}, .pads = {1, 2}}}, 3, 3) == 4);
  CHECK(shape({.window = {.dilations = {2}}}, 3, 2) == 5);
  CHECK(shape({.window = {.strides = {2}, .auto_pad = AutoPad::same_upper}}, 3, 3) == 6);
}

TEST_CASE("a parameter of a convolution may move while its adjoint is written") {
  for (const OpPtr& op : {conv_op(), conv_transpose_op()}) {
    CHECK_FALSE(op->adjoint_reads(1, 1));
    CHECK_FALSE(op->adjoint_reads(1, 2));
    CHECK_FALSE(op->adjoint_reads(2, 1));
    CHECK(op->adjoint_reads(0, 1));
    CHECK(op->adjoint_reads(1, 0));
  }
}

TEST_CASE("a convolution says what does not fit") {
  CHECK(complaint([] {
          inferred(conv_op(), {{batch, 4, 8, 8}, {6, 3, 5, 5}, {6}});
        }) == "conv's weight [6, 3, 5, 5] in 1 groups takes 3 channels, but its input [batch, 4, 8, 8] has 4");
  CHECK(complaint([] {
          inferred(conv_op(), {{batch, 3, 8, 8}, {6, 3, 5, 5}, {5}});
        }) == "conv's bias must be [6], one element a channel of its result, not [5]");
  CHECK(complaint([] {
          inferred(conv_op(), {{batch, 3, 4, 8}, {6, 3, 5, 5}, {6}});
        }) ==
        "conv with a kernel that reaches over 5 elements does not fit an axis of 4 elements with padding 0 and 0");
  CHECK(complaint([] {
          inferred(conv_op(), {{batch, 3}, {6, 3, 5, 5}, {6}});
        }) ==
        "conv needs an input [batch, channels, ...] of 1 to 3 spatial axes and a weight of as many, not [batch, 3] and "
        "[6, 3, 5, 5]");
  CHECK(complaint([] {
          inferred(conv_op({.groups = 2}), {{batch, 4, 3}, {5, 2, 1}, {5}});
        }) == "conv cannot share 5 channels out among 2 groups");
  CHECK(complaint([] {
          inferred(conv_op({.window = {.strides = {0}}}), {{1, 1, 3}, {1, 1, 1}, {1}});
        }) == "conv takes stride from 1 to 1073741824, not 0");
  CHECK(complaint([] {
          inferred(conv_op({.window = {.pads = {1}}}), {{1, 1, 3}, {1, 1, 1}, {1}});
        }) == "conv takes 2 numbers as pad, not 1");
  CHECK(complaint([] { conv_op({.groups = 0}); }) == "conv needs at least 1 group, not 0");
  CHECK(complaint([] {
          inferred(conv_transpose_op({.window = {.pads = {2, 1}}}), {{1, 1, 1}, {1, 1, 3}, {1}});
        }) == "conv_transpose of an axis of 1 elements is all padding: 3 elements less 2 and 1");
}

TEST_CASE("conv in the language makes its parameters with the kernel's fan-in") {
  const ExpressionPtr y = call("conv", {vertex({batch, 3, 32, 32}), number(6), number(5)});
  CHECK(y->shape == Shape{batch, 6, 28, 28});
  CHECK(y->arguments[1]->parameter.name == "v.weight");
  CHECK(y->arguments[1]->parameter.init == Initializer{Initializer::Kind::fan_in, 75});
  CHECK(y->arguments[2]->parameter.name == "v.bias");
  CHECK(call("conv", {vertex({batch, 4, 9, 9}), number(8), number(3), number(5)},
             {{"stride", number(2)}, {"pad", number(1)}, {"groups", number(2)}, {"bias", number(0)}})
            ->shape == Shape{batch, 8, 5, 4});
  CHECK(call("conv", {vertex({batch, 4, 9}), number(8), number(3)}, {{"pad", word("same")}})->shape ==
        Shape{batch, 8, 9});
  const ExpressionPtr shared = call("conv", {vertex({batch, 4, 9}), number(8), number(3)}, {{"share", word("W")}});
  CHECK(shared->arguments[1]->parameter.name == "shared W.weight");
  const ExpressionPtr up =
      call("conv_transpose", {vertex({batch, 4, 5, 5}), number(6), number(3)},
           {{"stride", number(2)}, {"pad", number(1)}, {"output_pad", number(1)}, {"groups", number(2)}});
  CHECK(up->shape == Shape{batch, 6, 10, 10});
  CHECK(up->arguments[1]->shape == Shape{4, 3, 3, 3});
}

TEST_CASE("conv in the language explains what it needs") {
  const Argument image = vertex({batch, 3, 8, 8});
  CHECK(complaint([&] {
          call("conv", {vertex({batch, 784}), number(6), number(5)});
        }) ==
        "conv needs an input [batch, channels, ...] of 1 to 3 spatial axes, not [batch, 784]; give it channels with "
        "reshape(x, 1, ...)");
  CHECK(complaint([&] { call("conv", {image, number(0), number(5)}); }) == "conv needs at least 1 channel, not 0");
  CHECK(complaint([&] { call("conv", {image, number(6), number(0)}); }) == "conv needs a kernel of at least 1, not 0");
  CHECK(complaint([&] {
          call("conv", {image, number(6), number(1), number(1), number(1)});
        }) == "conv takes one kernel extent for all spatial axes, or one for each of the 2, not 3");
  CHECK(complaint([&] {
          call("conv", {image, number(6), number(3)}, {{"groups", number(2)}});
        }) == "conv cannot share 3 channels of its input and 6 of its own out among 2 groups");
  CHECK(complaint([&] {
          call("conv", {image, number(6), number(3)}, {{"pad", word("full")}});
        }) == "pad of conv must be a number, same or same_lower, not 'full'");
}
