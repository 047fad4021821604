// Purpose: runs a Program: the forward pass, and the adjoints of single inputs on demand.
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
  // `output` is the memory of the last call (nothing was written then).
  bool forward(View<Scalar> output);

  // The error to pull adjoints from: a_y = root, of the output's shape, valid until the next call.
  void set_root(ConstView<Scalar> root);

  // result = (dy/d parent)^T root.
  void parent_adjoint(std::uint32_t slot, View<Scalar> result) { pull(slot, Scalar(1), result, false); }
  // result = scale * (dy/d parameter)^T root, or += it. With accumulate, `result` may be the parameter itself, provided
  // that `parameters_in_place` and that `prepare_parameters` was called since set_root.
  void parameter_adjoint(std::uint32_t k, Scalar scale, View<Scalar> result, bool accumulate) {
    pull(program_->parameter_register(k), scale, result, accumulate);
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

  bool independent_parameters() const;
  void resolve(std::uint32_t instruction);  // points the instruction's inputs at their registers' memory
  ConstView<Scalar> adjoint_of(std::uint32_t instruction);
  void pull(std::uint32_t reg, Scalar scale, View<Scalar> result, bool accumulate);

  const Program* program_;
  std::int64_t batch_ = -1;
  std::vector<ConstView<Scalar>> registers_;
  std::vector<char> changed_;
  std::vector<Tensor<Scalar>> constants_;
  std::vector<Tensor<Scalar>> results_;                 // by instruction; the last and views have none
  std::vector<std::vector<ConstView<Scalar>>> inputs_;  // by instruction
  std::vector<std::vector<Use>> uses_;                  // by register, later instructions first
  std::vector<Tensor<Scalar>> adjoints_;                // by instruction; the last has the root
  std::vector<char> adjoint_known_;
  ConstView<Scalar> root_;
  Tensor<Scalar> scaled_;
  bool in_place_ = true;
};

}  // namespace settle
