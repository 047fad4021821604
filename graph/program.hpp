// Purpose: the description of one vertex's prediction f(values of its parents; its parameters) as a straight line of
// operators over registers. Immutable; `Evaluator` runs it.
// Registers, in this order: parents by slot, the vertex's own parameters, constants, then one result per instruction.
// The last instruction's result is the program's output, the location; another one's may be the precision. Results are
// never views, so that they have memory of their own, and no instruction reads them.
// Thread rule: immutable after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/op.hpp"
#include "graph/tensor.hpp"

namespace settle {

struct Instruction {
  OpPtr op;
  std::vector<std::uint32_t> inputs;  // registers
};

struct Program {
  std::uint32_t parents = 0;               // registers [0, parents)
  std::uint32_t parameters = 0;            // the next ones
  std::vector<Tensor<double>> constants;   // the next ones, never batched
  std::vector<Instruction> instructions;   // the rest, one register each
  std::optional<std::uint32_t> precision;  // the instruction that makes the precision, of the output's shape
  std::vector<Shape> shapes;               // of every register, symbolic

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

}  // namespace settle
