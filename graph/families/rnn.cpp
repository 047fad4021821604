#include "graph/families/recurrent.hpp"

namespace settle {
namespace {

std::vector<std::string> lines(const families::Cell& cell) {
  return {cell.now("h") + " ~ normal(" + cell.activation + "(" + cell.linear(cell.before("h"), "Wh", ", bias=0") +
          " + " + cell.linear(cell.below, "Wx", cell.bias) + "))"};
}

}  // namespace

std::string rnn_source(const FamilyOptions& options) {
  return families::recurrent_source({"rnn", {"h"}, lines}, options);
}

}  // namespace settle
