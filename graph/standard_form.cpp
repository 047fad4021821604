#include "graph/standard_form.hpp"

#include "graph/program.hpp"

namespace settle {

std::string standard_form(const Program& program, std::vector<std::string> names, StandardWriter& writer) {
  // What only the precision is made from has no place in the standard.
  std::vector<char> needed(program.shapes.size(), 0);
  needed.back() = 1;
  for (auto i = static_cast<std::uint32_t>(program.instructions.size()); i-- > 0;)
    if (needed[program.result_register(i)])
      for (const std::uint32_t r : program.instructions[i].inputs) needed[r] = 1;
  for (std::uint32_t k = 0; k < program.constants.size(); ++k)
    names.push_back(needed[program.constant_register(k)] ? writer.tensor(program.constants[k]) : std::string());
  for (std::uint32_t i = 0; i < program.instructions.size(); ++i) {
    const Instruction& instruction = program.instructions[i];
    if (!needed[program.result_register(i)]) {
      names.emplace_back();
      continue;
    }
    std::vector<StandardValue> inputs;
    for (const std::uint32_t r : instruction.inputs) inputs.push_back({names[r], program.shapes[r]});
    names.push_back(instruction.op->standard_form(writer, inputs, program.shapes[program.result_register(i)]));
  }
  return names.back();
}

}  // namespace settle
