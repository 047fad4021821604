#include "graph/program.hpp"

#include <cstring>

namespace settle {
namespace {

bool parameters_independent(const Program& program) {
  // The register is a parameter's memory, perhaps a view of it.
  std::vector<char> holds_parameter(program.shapes.size(), 0);
  for (std::uint32_t k = 0; k < program.parameters; ++k) holds_parameter[program.parameter_register(k)] = 1;
  for (std::uint32_t i = 0; i < program.instructions.size(); ++i)
    if (program.instructions[i].op->is_view())
      holds_parameter[program.result_register(i)] = holds_parameter[program.instructions[i].inputs[0]];
  for (std::uint32_t k = 0; k < program.parameters; ++k)
    for (const Program::Use& use : program.uses[program.parameter_register(k)]) {
      const Instruction& instruction = program.instructions[use.instruction];
      for (std::size_t other = 0; other < instruction.inputs.size(); ++other)
        if (holds_parameter[instruction.inputs[other]] && instruction.op->adjoint_reads(use.input, other)) return false;
    }
  return true;
}

bool passes_adjoint_on(const Program& program, std::uint32_t instruction) {
  const auto& uses = program.uses[program.result_register(instruction)];
  const bool result = instruction + 1 == program.instructions.size() || instruction == program.precision;
  if (result || uses.size() != 1) return false;
  const Instruction& user = program.instructions[uses[0].instruction];
  std::vector<Shape> shapes;
  for (const std::uint32_t r : user.inputs) shapes.push_back(program.shapes[r]);
  return user.op->passes_adjoint(uses[0].input, shapes);
}

bool same(const Tensor<double>& a, const Tensor<double>& b) {
  return a.shape() == b.shape() && a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

bool same(const Program& a, const Program& b) {
  return a.parents == b.parents && a.parameters == b.parameters && a.instructions == b.instructions &&
         a.precision == b.precision && a.shapes == b.shapes &&
         std::ranges::equal(a.constants, b.constants, [](const auto& x, const auto& y) { return same(x, y); });
}

std::size_t hash(const Program& program) {
  std::size_t result = program.parents;
  const auto mix = [&result](std::size_t item) { result = (result ^ item) * 0x9e3779b97f4a7c15; };
  mix(program.parameters);
  for (const Instruction& instruction : program.instructions) {
    mix(std::hash<OpPtr>()(instruction.op));
    for (const std::uint32_t input : instruction.inputs) mix(input);
  }
  for (const Shape& shape : program.shapes) mix(static_cast<std::size_t>(shape.size()));
  return result;
}

}  // namespace

std::uint32_t Program::add_parameter(const Shape& shape) {
  const std::uint32_t reg = parameter_register(parameters++);
  shapes.insert(shapes.begin() + reg, shape);
  for (Instruction& instruction : instructions)
    for (std::uint32_t& input : instruction.inputs) input += input >= reg ? 1 : 0;
  return reg;
}

void Program::finish() {
  uses.assign(shapes.size(), {});
  passes_adjoint.clear();
  for (auto i = static_cast<std::uint32_t>(instructions.size()); i-- > 0;)
    for (std::uint32_t k = 0; k < instructions[i].inputs.size(); ++k) uses[instructions[i].inputs[k]].push_back({i, k});
  for (std::uint32_t i = 0; i < instructions.size(); ++i) passes_adjoint.push_back(passes_adjoint_on(*this, i));
  parameters_in_place = parameters_independent(*this);
}

double Program::cost(std::int64_t batch) const {
  double total = 0;
  std::vector<Shape> inputs;
  for (std::uint32_t i = 0; i < instructions.size(); ++i) {
    inputs.clear();
    for (const std::uint32_t r : instructions[i].inputs) inputs.push_back(shapes[r].with_batch(batch));
    total += instructions[i].op->cost(inputs, shapes[result_register(i)].with_batch(batch));
  }
  return total;
}

const ProgramPtr& no_program() {
  static const ProgramPtr none = std::make_shared<const Program>();
  return none;
}

ProgramPtr ProgramPool::share(Program program) {
  const std::size_t key = hash(program);
  const auto [first, last] = programs_.equal_range(key);
  for (auto known = first; known != last; ++known)
    if (same(*known->second, program)) return known->second;
  return programs_.emplace(key, std::make_shared<const Program>(std::move(program)))->second;
}

}  // namespace settle
