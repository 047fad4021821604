// Purpose: runs a Program: the forward pass, and the adjoints of single inputs on demand, those of location and
// precision added up.
// Forward recomputes only what depends on a changed parent, so what a clamped parent contributes is computed once.
// Adjoints are pulled: asking for one parent's computes just the registers between it and the output, once per error.
// Caller: Node. Thread rule: one owner; no locks.
#pragma once

#include <vector>

#include "graph/program.hpp"

namespace settle {

template <class Scalar>
class Evaluator {
 public:
  // Requires: `program` is finished and outlives the evaluator.
  explicit Evaluator(const Program& program);
  // It keeps addresses of its own members.
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Sizes every register for `batch` samples; all parents count as changed after a new size.
  void bind(std::int64_t batch);

  // Parent `slot` has another value. Requires: the memory stays valid and unchanged until the next call for that slot.
  void set_parent(std::uint32_t slot, ConstView<Scalar> value) { registers_[slot] = {value.data, true}; }
  // Parameter k has another value (or the same memory with other contents).
  void set_parameter(std::uint32_t k, ConstView<Scalar> value) {
    registers_[program_->parameter_register(k)] = {value.data, true};
  }

  // output = f(parents; parameters); skips what has not changed since the last call. The output is read again by
  // adjoints, so the memory stays valid until the next forward. Returns false where nothing at all had changed and
  // `output` is the memory of the last call (nothing was written then). `precision`: the memory of the precision, where
  // the program makes one; the same rules.
  bool forward(View<Scalar> output, View<Scalar> precision = {});

  // The errors to pull adjoints from: a_y = root for the output, another for the precision; of the output's shape,
  // valid until the next call. No memory: zero.
  void set_root(ConstView<Scalar> root, ConstView<Scalar> precision_root = {});

  // result = (dy/d parent)^T root, y being both results. Returns false, and writes nothing, where that is zero because
  // every root that it depends on is.
  bool parent_adjoint(std::uint32_t slot, View<Scalar> result) { return pull(slot, Scalar(1), result, false); }
  // result = scale * (dy/d parameter)^T root, or += it. With accumulate, `result` may be the parameter itself, provided
  // that `parameters_in_place` and that `prepare_parameters` was called since set_root. Returns as parent_adjoint.
  bool parameter_adjoint(std::uint32_t k, Scalar scale, View<Scalar> result, bool accumulate) {
    return pull(program_->parameter_register(k), scale, result, accumulate);
  }
  // Computes all adjoints that parameters' adjoints are made from.
  void prepare_parameters();
  bool parameters_in_place() const noexcept { return program_->parameters_in_place; }

 private:
  struct Register {
    const Scalar* data = nullptr;
    bool changed = true;
  };
  enum class Adjoint : char { unknown, formed, zero };
  struct Step {  // of an instruction but the last, whose result and adjoint are the caller's, as are the precision's
    Storage<Scalar> adjoint;
    [[no_unique_address]] Storage<Scalar> result;  // its padding holds the state
    Adjoint state = Adjoint::unknown;
  };

  bool is_output(std::uint32_t instruction) const noexcept { return instruction == steps_.size(); }
  bool is_precision(std::uint32_t instruction) const noexcept { return instruction == program_->precision; }

  Shape shape(std::uint32_t reg) const { return program_->shapes[reg].with_batch(batch_); }
  ConstView<Scalar> view(std::uint32_t reg) const { return {registers_[reg].data, shape(reg)}; }
  class Inputs;
  ConstView<Scalar> adjoint_of(std::uint32_t instruction);  // no memory: zero
  bool is_unformed_view(std::uint32_t instruction) const;
  bool pull(std::uint32_t reg, Scalar scale, View<Scalar> result, bool accumulate);

  const Program* program_;
  std::int64_t batch_ = -1;
  std::vector<Register> registers_;
  std::vector<Step> steps_;
  std::vector<Tensor<Scalar>> constants_;
  ConstView<Scalar> root_;
  ConstView<Scalar> precision_root_;
};

}  // namespace settle
