#include "graph/function.hpp"

#include <cmath>
#include <sstream>

#include "graph/error.hpp"

namespace settle {
namespace {

std::string given(const Argument& argument) {
  if (argument.number) {
    std::ostringstream text;
    text << *argument.number;
    return text.str();
  }
  return argument.word.empty() ? "an expression" : "'" + argument.word + "'";
}

}  // namespace

double number_argument(const Argument& argument, const std::string& what) {
  if (!argument.number) throw BadConfig(what + " must be a number, not " + given(argument));
  return *argument.number;
}

std::int64_t integer_argument(const Argument& argument, const std::string& what) {
  // Beyond 2^53 a literal no longer says which whole number was meant.
  constexpr double limit = 0x1p53;
  if (!argument.number || std::trunc(*argument.number) != *argument.number || std::abs(*argument.number) > limit)
    throw BadConfig(what + " must be a whole number, not " + given(argument));
  return static_cast<std::int64_t>(*argument.number);
}

const ExpressionPtr& tensor_argument(const Argument& argument, const std::string& what) {
  if (!argument.value)
    throw BadConfig(what + " must be a vertex, a number or an expression of them; there is no vertex " +
                    given(argument));
  return argument.value;
}

}  // namespace settle
