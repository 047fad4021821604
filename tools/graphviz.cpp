#include "tools/graphviz.hpp"

#include "graph/error.hpp"
#include "sim/external_program.hpp"

namespace settle {

std::string drawn_as_svg(const std::string& dot) {
  ProgramOutcome outcome = run_program({.words = {"dot", "-Tsvg"}, .input = dot});
  if (!outcome.not_started.empty())
    throw MissingInput("an SVG needs Graphviz's program dot: " + outcome.not_started +
                       "; install it (Debian: graphviz), or take --dot FILE, which needs nothing");
  if (!outcome.ended_in_time)
    throw InternalFault("Graphviz's program dot did not end within ten minutes and was stopped; take --dot FILE");
  if (!outcome.succeeded()) throw InternalFault("Graphviz's program dot failed: " + outcome.err);
  return std::move(outcome.out);
}

}  // namespace settle
