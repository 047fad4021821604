// Purpose: one differentiable operator of a vertex's prediction: shapes, forward kernel, and the kernel of one adjoint.
// Caller: Evaluator (kernels), Builder (shapes), the gradient checker.
// An operator is one class over `OpKernels` with three functions; nothing else in the project knows it by type.
//
//   y = f(x_0, x_1, ...)          forward:   fills y
//   a_k (+)= (dy/dx_k)^T a_y      backward:  the adjoint of input k, assigned or accumulated
//
// An adjoint of an input that has fewer elements than the output (broadcasting, a weight under a batch) is summed.
// Thread rule: immutable after construction; kernels may run in any number of threads at once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graph/shape.hpp"
#include "graph/standard_form.hpp"
#include "graph/tensor.hpp"

namespace settle {

template <class Scalar>
struct Backward {
  std::span<const ConstView<Scalar>> inputs;  // x, as in the forward call
  ConstView<Scalar> output;                   // y, as the forward call left it
  ConstView<Scalar> adjoint;                  // a_y, of y's shape
  std::size_t input = 0;                      // k
  View<Scalar> result;                        // a_k, of x_k's shape
  bool accumulate = false;                    // false: a_k = ..., true: a_k += ...
};

class Op {
 public:
  virtual ~Op() = default;

  virtual std::string_view name() const = 0;

  // The output's shape for these input shapes, which may carry the symbolic batch extent.
  // Errors: BadConfig saying what does not fit (the caller adds the place).
  virtual Shape infer(std::span<const Shape> inputs) const = 0;

  // True where the output is input 0's memory under another shape (reshape, flatten): no kernel runs, nothing is
  // copied.
  virtual bool is_view() const { return false; }

  // False where the adjoint of input `of` does not read the values of input `other`. A parameter whose adjoint reads no
  // parameter may move while the adjoint is being written.
  virtual bool adjoint_reads(std::size_t /*of*/, std::size_t /*other*/) const { return !is_view(); }

  // What a part of the output's last axis needs of an input: all of it, the same part of its last axis, or of its
  // first. Nothing where no part of the output can be had alone.
  enum class Part { whole, last_axis, first_axis };
  virtual std::optional<Part> part_of(std::size_t /*input*/, std::span<const Shape> /*inputs*/) const {
    return std::nullopt;
  }

  // Writes the operator as nodes of the ONNX standard and returns the name of their result. `output` is this operator's
  // shape for these inputs. Errors: BadConfig for an operator that the standard has no words for.
  virtual std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                                    const Shape& output) const;

  // True where the adjoint of that input is the output's adjoint as it lies in memory (under the input's shape): no
  // kernel needs to copy it.
  virtual bool passes_adjoint(std::size_t /*input*/, std::span<const Shape> /*inputs*/) const { return is_view(); }

  // Floating-point operations of one forward call on these concrete shapes, for placement and reports.
  virtual double cost(std::span<const Shape> inputs, const Shape& output) const;

  // Requires: shapes as `infer` allows; `output` does not overlap an input.
  virtual void forward(std::span<const ConstView<float>> inputs, View<float> output) const = 0;
  virtual void forward(std::span<const ConstView<double>> inputs, View<double> output) const = 0;
  virtual void backward(const Backward<float>& call) const = 0;
  virtual void backward(const Backward<double>& call) const = 0;
};

using OpPtr = std::shared_ptr<const Op>;

// Derives both precisions from one pair of member templates of `Derived`:
//   template <class Scalar> void run(std::span<const ConstView<Scalar>>, View<Scalar>) const;
//   template <class Scalar> void adjoint(const settle::Backward<Scalar>&) const;
template <class Derived>
class OpKernels : public Op {
 public:
  void forward(std::span<const ConstView<float>> inputs, View<float> output) const final { self().run(inputs, output); }
  void forward(std::span<const ConstView<double>> inputs, View<double> output) const final {
    self().run(inputs, output);
  }
  void backward(const Backward<float>& call) const final { self().adjoint(call); }
  void backward(const Backward<double>& call) const final { self().adjoint(call); }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }
};

}  // namespace settle
