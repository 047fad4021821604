#include "graph/standard_form.hpp"

#include "graph/program.hpp"

namespace settle {

std::string standard_form(const Program& program, std::vector<std::string> names, StandardWriter& writer) {
  for (const Tensor<double>& value : program.constants) names.push_back(writer.tensor(value));
  for (std::uint32_t i = 0; i < program.instructions.size(); ++i) {
    const Instruction& instruction = program.instructions[i];
    std::vector<StandardValue> inputs;
    for (const std::uint32_t r : instruction.inputs) inputs.push_back({names[r], program.shapes[r]});
    names.push_back(instruction.op->standard_form(writer, inputs, program.shapes[program.result_register(i)]));
  }
  return names.back();
}

}  // namespace settle
