// Purpose: the description of one vertex's prediction f(values of its parents; its parameters) as a straight line of
// operators over registers. Immutable; `Evaluator` runs it. Vertices that compute alike share one (`ProgramPool`).
// Registers, in this order: parents by slot, the vertex's own parameters, constants, then one result per instruction.
// The last instruction's result is the program's output, the location; another one's may be the precision. Results are
// never views, so that they have memory of their own, and no instruction reads them.
// Thread rule: immutable after construction.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "graph/op.hpp"
#include "graph/tensor.hpp"

namespace settle {

struct Instruction {
  OpPtr op;
  std::vector<std::uint32_t> inputs;  // registers
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

struct Program {
  // One input of one instruction.
  struct Use {
    std::uint32_t instruction;
    std::uint32_t input;
    friend bool operator==(const Use&, const Use&) = default;
  };

  std::uint32_t parents = 0;               // registers [0, parents)
  std::uint32_t parameters = 0;            // the next ones
  std::vector<Tensor<double>> constants;   // the next ones, never batched
  std::vector<Instruction> instructions;   // the rest, one register each
  std::optional<std::uint32_t> precision;  // the instruction that makes the precision, of the output's shape
  std::vector<Shape> shapes;               // of every register, symbolic

  // One more parameter, after the others; returns its register. Registers from there on move up by one.
  std::uint32_t add_parameter(const Shape& shape);

  // What follows from the instructions, once they are all there.
  void finish();
  std::vector<std::vector<Use>> uses;  // by register, later instructions first
  std::vector<char> passes_adjoint;    // by instruction: its adjoint is that of the only instruction that uses it
  // True where no parameter's adjoint reads a parameter: they may move one after another, in place.
  bool parameters_in_place = true;

  bool empty() const noexcept { return instructions.empty(); }
  std::uint32_t parameter_register(std::uint32_t k) const noexcept { return parents + k; }
  std::uint32_t constant_register(std::uint32_t k) const noexcept { return parents + parameters + k; }
  std::uint32_t result_register(std::uint32_t instruction) const noexcept {
    return parents + parameters + static_cast<std::uint32_t>(constants.size()) + instruction;
  }
  const Shape& output_shape() const { return shapes.back(); }
  // Floating-point operations of one forward pass over `batch` samples.
  double cost(std::int64_t batch) const;
};

using ProgramPtr = std::shared_ptr<const Program>;

// Of vertices without a prediction: it is empty.
const ProgramPtr& no_program();

// Keeps one of equal programs: a million vertices that compute alike are described once.
class ProgramPool {
 public:
  ProgramPtr share(Program program);

 private:
  std::unordered_multimap<std::size_t, ProgramPtr> programs_;  // by a hash of what they compute
};

}  // namespace settle
