#include "graph/families/recurrent.hpp"

namespace settle::families {

std::string Cell::linear(const std::string& from, const std::string& share, const std::string& with_bias) const {
  return "linear(" + from + ", " + units + ", share=" + share + number + with_bias + ")";
}

namespace {

std::string count(std::int64_t number) { return std::to_string(number); }

// What the output is read out from: "h[50]", or an expression of all steps.
std::string read_out(const FamilyOptions& options, const std::string& hidden, const std::string& units,
                     std::int64_t steps) {
  if (options.readout == "last" && !options.mask) return hidden + "[" + count(steps) + "]";
  const std::string all =
      "reshape(concat(" + hidden + "[1.." + count(steps) + "]), " + count(steps) + ", " + units + ")";
  return options.readout == "each" ? all : "sum(reshape(last, " + count(steps) + ", 1) * " + all + ", axis=0)";
}

// The lines of the mask, and of where its last 1 is.
std::string mask_lines(const FamilyOptions& options, std::int64_t steps) {
  if (!options.mask) return "";
  std::string text = "mask ~ input(" + count(steps) + ")\nthere(t) = slice(mask, t - 1, t)\n";
  if (options.readout == "last")
    text += steps == 1 ? "last = mask\n" : "last = mask - pad(slice(mask, 1, " + count(steps) + "), 0, 1)\n";
  return text;
}

}  // namespace

std::string recurrent_source(const CellFamily& family, const FamilyOptions& options) {
  check_options(family.name, options, true);
  const std::vector<std::string> items = items_of(options.layers);
  const auto sequence = extents_of(items.front());
  if (items.size() < 3 || sequence.size() != 2)
    refuse_layers(options, "it is STEPSxFEATURES, hidden units, output units, as in 50x65, 128, 65");
  for (std::size_t i = 1; i < items.size(); ++i)
    if (count_of(items[i]) == 0) refuse_layers(options, "'" + items[i] + "' is no number of units");
  const std::int64_t steps = sequence[0];
  const std::size_t layers = items.size() - 2;

  std::string text =
      heading(family.name, options,
              options.activation + ", read out from " + (options.readout == "last" ? "the last step" : "each step") +
                  (options.mask ? ", masked" : ""));
  text += "x ~ input(" + joined(sequence, ", ") + ")\n";
  text += "step(x, t) = squeeze(slice(x, t - 1, t, axis=0), axis=0)\n";
  text += mask_lines(options, steps);
  Cell cell{
      "", "step(x, t)", "", options.activation, options.bias ? "" : ", bias=0", options.mask ? "there(t) * " : ""};
  for (std::size_t layer = 1; layer <= layers; ++layer) {
    cell.units = items[layer];
    if (layers > 1) cell.number = std::to_string(layer);
    for (const std::string& name : family.carried) text += name + cell.number + "[0] = zeros(" + cell.units + ")\n";
    text += "repeat t in 1.." + count(steps) + " {\n";
    for (const std::string& line : family.lines(cell)) text += "  " + line + "\n";
    text += "}\n";
    cell.below = cell.now("h");
  }
  const std::string logits =
      "linear(" + read_out(options, "h" + cell.number, cell.units, steps) + ", " + items.back() + cell.bias + ")";
  const bool masks_output = options.mask && options.readout == "each";
  return text + "y ~ " + options.output + "(" + (masks_output ? "reshape(mask, " + count(steps) + ", 1) * " : "") +
         logits + ")\n";
}

}  // namespace settle::families
