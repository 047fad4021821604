// Purpose: runs a Program: the forward pass, and the adjoints of single inputs on demand, those of location and
// precision added up.
// Forward recomputes only what depends on a changed parent, so what a clamped parent contributes is computed once.
// Adjoints are pulled: asking for one parent's computes just the registers between it and the output, once per error.
// Caller: Node. Thread rule: one owner; no locks.
#pragma once

#include <span>
#include <vector>

#include "graph/program.hpp"

namespace settle {

template <class Scalar>
class Evaluator {
 public:
  // Requires: `program` outlives the evaluator.
  explicit Evaluator(const Program& program);

  // Sizes every register for `batch` samples; all parents count as changed after a new size.
  void bind(std::int64_t batch);

  // Parent `slot` has another value. Requires: the memory stays valid and unchanged until the next call for that slot.
  void set_parent(std::uint32_t slot, ConstView<Scalar> value);
  // Parameter k has another value (or the same memory with other contents).
  void set_parameter(std::uint32_t k, ConstView<Scalar> value);

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
  // True where no parameter's adjoint reads a parameter once prepared: they may move one after another, in place.
  bool parameters_in_place() const noexcept { return in_place_; }

 private:
  struct Use {
    std::uint32_t instruction;
    std::uint32_t input;
  };

  enum class Adjoint : char { unknown, formed, zero };

  bool is_output(std::uint32_t instruction) const noexcept { return instruction + 1 == results_.size(); }
  bool is_precision(std::uint32_t instruction) const noexcept { return instruction == program_->precision; }
  bool independent_parameters() const;
  bool passes_adjoint(std::uint32_t instruction) const;
  void resolve(std::uint32_t instruction);  // points the instruction's inputs at their registers' memory
  ConstView<Scalar> adjoint_of(std::uint32_t instruction);  // no memory: zero
  bool pull(std::uint32_t reg, Scalar scale, View<Scalar> result, bool accumulate);

  const Program* program_;
  std::int64_t batch_ = -1;
  std::vector<ConstView<Scalar>> registers_;
  std::vector<char> changed_;
  std::vector<Tensor<Scalar>> constants_;
  std::vector<Tensor<Scalar>> results_;                 // by instruction; the program's results and views have none
  std::vector<std::vector<ConstView<Scalar>>> inputs_;  // by instruction
  std::vector<std::vector<Use>> uses_;                  // by register, later instructions first
  std::vector<Tensor<Scalar>> adjoints_;                // by instruction; the program's results have the roots
  std::vector<Adjoint> adjoint_state_;
  std::vector<char> passes_adjoint_;  // by instruction: its adjoint is that of the only instruction that uses it
  ConstView<Scalar> root_;
  ConstView<Scalar> precision_root_;
  Tensor<Scalar> scaled_;
  bool in_place_ = true;
};

}  // namespace settle
