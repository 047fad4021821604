#include "graph/families/recurrent.hpp"

namespace settle {
namespace {

std::vector<std::string> lines(const families::Cell& cell) {
  const auto gate = [&](const std::string& name, const std::string& function, const std::string& from) {
    return cell.now(name) + " ~ normal(" + function + "(" + cell.linear(cell.below, "W" + name, cell.bias) + " + " +
           cell.linear(from, "U" + name, ", bias=0") + "))";
  };
  return {gate("z", "sigmoid", cell.before("h")), gate("r", "sigmoid", cell.before("h")),
          gate("n", cell.activation, cell.now("r") + " * " + cell.before("h")),
          cell.now("h") + " ~ normal((1 - " + cell.now("z") + ") * " + cell.now("n") + " + " + cell.now("z") + " * " +
              cell.before("h") + ")"};
}

}  // namespace

std::string gru_source(const FamilyOptions& options) {
  return families::recurrent_source({"gru", {"h"}, lines}, options);
}

}  // namespace settle
