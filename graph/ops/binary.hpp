// Purpose: the operator class behind every elementwise function of two tensors. `F` is a small struct:
//   name, flops                     (per element)
//   value(a, b)                     y, from Eigen arrays
//   standard                        its name in the ONNX standard, or write(writer, a, b), which writes it
//   passes_adjoint                  (where it is there) g itself is what it contributes to both
//   left(a, b, y, g), right(...)    what one element of the adjoint g contributes to a's and b's adjoint
// Caller: graph/ops/*.cpp that offer such functions. Thread rule: immutable.
#pragma once

#include "graph/function.hpp"
#include "graph/ops/broadcast.hpp"
#include "graph/ops/support.hpp"

namespace settle {

template <class F>
class Binary final : public OpKernels<Binary<F>> {
 public:
  std::string_view name() const override { return F::name; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(F::name, inputs, 2);
    return broadcast(inputs[0], inputs[1]);
  }

  std::optional<Op::Part> part_of(std::size_t input, std::span<const Shape> inputs) const override {
    const auto last = [](const Shape& shape) { return shape.rank() == 0 ? 1 : shape[shape.rank() - 1]; };
    return last(inputs[input]) == last(infer(inputs)) ? Op::Part::last_axis : Op::Part::whole;
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return F::flops * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    if constexpr (requires { F::standard; })
      return writer.node(F::standard, {inputs[0].name, inputs[1].name});
    else if constexpr (requires { F::write(writer, inputs[0].name, inputs[1].name); })
      return F::write(writer, inputs[0].name, inputs[1].name);
    else
      return Op::standard_form(writer, inputs, output);
  }

  bool passes_adjoint(std::size_t, [[maybe_unused]] std::span<const Shape> inputs) const override {
    if constexpr (requires { F::passes_adjoint; }) return inputs[0] == inputs[1];
    return false;
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const Walk walk(output.shape, {inputs[0].shape, inputs[1].shape});
    visit_runs(walk, inputs, [&](std::int64_t start, const auto&, const auto& a, const auto& b) {
      settle::run(output.data + start, walk.length()) = F::value(a, b);
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const Walk walk(call.output.shape, {call.inputs[0].shape, call.inputs[1].shape});
    const std::int64_t length = walk.length();
    // Without broadcasting each element of the result is met once; else it is a sum that starts from 0 or from itself.
    const bool summed = call.result.size() != call.adjoint.size();
    if (summed && !call.accumulate) array(call.result).setZero();
    visit_runs(walk, call.inputs, [&](std::int64_t start, const auto& offsets, const auto& a, const auto& b) {
      const auto y = settle::run(call.output.data + start, length);
      const auto g = settle::run(call.adjoint.data + start, length);
      Scalar* destination = call.result.data + offsets[call.input];
      const auto write = [&](const auto& expression) {
        if (summed)
          add_run(destination, walk.stride(call.input), length, expression);
        else
          store(settle::run(destination, length), expression, call.accumulate);
      };
      if (call.input == 0)
        write(F::left(a, b, y, g));
      else
        write(F::right(a, b, y, g));
    });
  }

 private:
  using Walk = BroadcastWalk<2>;

  // Calls visit(start, offsets, a, b) per run, a and b being the operands' runs as Eigen arrays. At most one operand
  // stands still along a run, else the run's axis would not be in the output.
  template <class Scalar, class Visit>
  static void visit_runs(const Walk& walk, std::span<const ConstView<Scalar>> inputs, Visit&& visit) {
    const std::int64_t length = walk.length();
    walk.for_each_run([&](std::int64_t start, const typename Walk::Offsets& offsets) {
      const Scalar* a = inputs[0].data + offsets[0];
      const Scalar* b = inputs[1].data + offsets[1];
      if (walk.stride(0) == 0)
        visit(start, offsets, repeated(a, length), settle::run(b, length));
      else if (walk.stride(1) == 0)
        visit(start, offsets, settle::run(a, length), repeated(b, length));
      else
        visit(start, offsets, settle::run(a, length), settle::run(b, length));
    });
  }
};

// One for all that are alike: vertices which compute alike can share a program (ProgramPool).
template <class F>
OpPtr binary() {
  static const OpPtr one = std::make_shared<const Binary<F>>();
  return one;
}

}  // namespace settle
