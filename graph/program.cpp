#include "graph/program.hpp"

namespace settle {

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

}  // namespace settle
