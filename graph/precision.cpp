#include "graph/precision.hpp"

#include <algorithm>
#include <cmath>

#include "graph/compile.hpp"
#include "graph/error.hpp"
#include "graph/evaluator.hpp"

namespace settle {
namespace {

bool good(double precision) { return precision > 0 && std::isfinite(precision); }

Tensor<double> evaluated(const Program& program) {
  Evaluator<double> evaluator(program);
  evaluator.bind(1);
  Tensor<double> result(program.output_shape());
  evaluator.forward(result.view());
  return result;
}

}  // namespace

FoldedPrecision fold(const PrecisionSpec& spec) {
  FoldedPrecision folded{PrecisionKind::uniform, spec.number, nullptr};
  if (spec.expression) {
    const Compiled compiled = compile(spec.expression);
    if (!compiled.parents.empty() || !compiled.parameters.empty()) return {PrecisionKind::inferred, 1, spec.expression};
    Tensor<double> constants = evaluated(compiled.program);
    if (!std::ranges::all_of(constants.flat(), good)) throw BadConfig("a precision must be positive and finite");
    if (constants.size() > 1) return {PrecisionKind::fixed, 1, constant(std::move(constants))};
    folded.number = constants.data()[0];
  }
  if (!good(folded.number)) throw BadConfig("a precision must be positive and finite");
  return folded;
}

}  // namespace settle
