#include "graph/families/recurrent.hpp"

namespace settle {
namespace {

std::vector<std::string> lines(const families::Cell& cell) {
  const auto gate = [&](const std::string& name, const std::string& function) {
    return cell.now(name) + " ~ normal(" + function + "(" + cell.linear(cell.below, "W" + name, cell.bias) + " + " +
           cell.linear(cell.before("h"), "U" + name, ", bias=0") + "))";
  };
  return {gate("f", "sigmoid"),
          gate("i", "sigmoid"),
          gate("g", cell.activation),
          gate("o", "sigmoid"),
          cell.now("c") + " ~ normal(" + cell.now("f") + " * " + cell.before("c") + " + " + cell.now("i") + " * " +
              cell.now("g") + ")",
          cell.now("h") + " ~ normal(" + cell.now("o") + " * " + cell.activation + "(" + cell.now("c") + "))"};
}

}  // namespace

std::string lstm_source(const FamilyOptions& options) {
  return families::recurrent_source({"lstm", {"h", "c"}, lines}, options);
}

}  // namespace settle
