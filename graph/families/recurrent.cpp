#include "graph/families/recurrent.hpp"

namespace settle::families {

std::string Cell::linear(const std::string& from, const std::string& share, const std::string& with_bias) const {
  return "linear(" + from + ", " + units + ", share=" + share + number + with_bias + ")";
}

std::string recurrent_source(const CellFamily& family, const FamilyOptions& options) {
  check_options(family.name, options, true);
  const std::vector<std::string> items = items_of(options.layers);
  const auto sequence = extents_of(items.front());
  if (items.size() < 3 || sequence.size() != 2)
    refuse_layers(options, "it is STEPSxFEATURES, hidden units, output units, as in 50x65, 128, 65");
  for (std::size_t i = 1; i < items.size(); ++i)
    if (count_of(items[i]) == 0) refuse_layers(options, "'" + items[i] + "' is no number of units");
  const std::string steps = std::to_string(sequence[0]);
  const std::size_t layers = items.size() - 2;

  std::string text =
      heading(family.name, options,
              options.activation + ", read out from " + (options.readout == "last" ? "the last step" : "each step"));
  text += "x ~ input(" + joined(sequence, ", ") + ")\n";
  text += "step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)\n";
  Cell cell{"", "step(x, t)", "", options.activation, options.bias ? "" : ", bias=0"};
  for (std::size_t layer = 1; layer <= layers; ++layer) {
    cell.units = items[layer];
    if (layers > 1) cell.number = std::to_string(layer);
    for (const std::string& name : family.carried) text += name + cell.number + "[0] = zeros(" + cell.units + ")\n";
    text += "repeat t in 1.." + steps + " {\n";
    for (const std::string& line : family.lines(cell)) text += "  " + line + "\n";
    text += "}\n";
    cell.below = cell.now("h");
  }
  const std::string hidden = "h" + cell.number;
  const std::string read = options.readout == "last"
                               ? hidden + "[" + steps + "]"
                               : "reshape(concat(" + hidden + "[1.." + steps + "]), " + steps + ", " + cell.units + ")";
  return text + "y ~ " + options.output + "(linear(" + read + ", " + items.back() + cell.bias + "))\n";
}

}  // namespace settle::families
