// Every mistake's text, whole: line, column and the caret under the token that is wrong.
#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

std::string errors(const std::string& text) {
  try {
    parse_graph(text, "m.graph");
  } catch (const BadConfig& error) {
    return error.what();
  }
  return "no error";
}

// The text of the one mistake in a model that is otherwise right.
void check_error(const std::string& text, const std::string& expected) {
  CAPTURE(text);
  CHECK(errors(text) == expected);
}

}  // namespace

TEST_CASE("an unknown name is placed and the nearest known one suggested") {
  check_error("x ~ input(4)\nh1 ~ normal(x)\ny ~ normal(linear(h11, 3) + h1)",
              "m.graph:3:19: error: there is no vertex or expression named 'h11'\n"
              "  y ~ normal(linear(h11, 3) + h1)\n"
              "                    ^~~\n"
              "  did you mean 'h1'?");
  check_error("x ~ input(4)\ny ~ normal(x + quite_different)",
              "m.graph:2:16: error: there is no vertex or expression named 'quite_different'\n"
              "  y ~ normal(x + quite_different)\n"
              "                 ^~~~~~~~~~~~~~~");
}

TEST_CASE("an unknown function is placed and the nearest known one suggested") {
  check_error("x ~ input(4)\ny ~ normal(tahn(x))",
              "m.graph:2:12: error: there is no function named 'tahn'\n"
              "  y ~ normal(tahn(x))\n"
              "             ^~~~\n"
              "  did you mean 'tanh'?");
  check_error("x ~ input(4)\ny ~ normal(x(3))",
              "m.graph:2:12: error: there is no function named 'x'\n"
              "  y ~ normal(x(3))\n"
              "             ^\n"
              "  'x' is a name, not a function; to multiply, write *");
}

TEST_CASE("distributions and functions are not confused silently") {
  check_error("x ~ input(4)\ny ~ tanh(x)",
              "m.graph:2:5: error: 'tanh' is a function, not a distribution\n"
              "  y ~ tanh(x)\n"
              "      ^~~~\n"
              "  for a gaussian vertex with that mean, write normal(tanh(...))");
  check_error("x ~ input(4)\ny ~ normal(2 * normal(x))",
              "m.graph:2:16: error: 'normal' is a distribution and cannot be part of an expression\n"
              "  y ~ normal(2 * normal(x))\n"
              "                 ^~~~~~\n"
              "  give it a vertex of its own: NAME ~ normal(...)");
  check_error("x ~ input(4)\ny ~ norml(x)",
              "m.graph:2:5: error: there is no distribution named 'norml'\n"
              "  y ~ norml(x)\n"
              "      ^~~~~\n"
              "  did you mean 'normal'?");
  check_error("x ~ input(4)\ny ~ poisson(x)",
              "m.graph:2:5: error: there is no distribution named 'poisson' in this version of the language\n"
              "  y ~ poisson(x)\n"
              "      ^~~~~~~\n"
              "  after '~' comes input(...), parameter(...), normal(...), categorical(...) or bernoulli(...)");
  check_error("x ~ input(4)\ny ~ x + 1",
              "m.graph:2:7: error: this is no distribution\n"
              "  y ~ x + 1\n"
              "        ^\n"
              "  after '~' comes input(...), parameter(...), normal(...), categorical(...) or bernoulli(...)");
}

TEST_CASE("a wrong number of arguments shows the function's signature") {
  check_error("x ~ input(4)\ny ~ normal(linear(x))",
              "m.graph:2:12: error: 'linear' takes 2 arguments, not 1\n"
              "  y ~ normal(linear(x))\n"
              "             ^~~~~~\n"
              "  it is written linear(x, units, bias=1, share=NAME)");
  check_error("x ~ input(4)\ny ~ normal(tanh(x, x))",
              "m.graph:2:12: error: 'tanh' takes 1 argument, not 2\n"
              "  y ~ normal(tanh(x, x))\n"
              "             ^~~~\n"
              "  it is written tanh(x)");
  check_error("x ~ input()\ny ~ normal(x)",
              "m.graph:1:5: error: 'input' takes at least 1 argument, not 0\n"
              "  x ~ input()\n"
              "      ^~~~~\n"
              "  it is written input(EXTENT, ...)");
}

TEST_CASE("an unknown or doubled keyword is placed") {
  check_error("x ~ input(4)\ny ~ normal(linear(x, 3, bais=0))",
              "m.graph:2:25: error: 'linear' has no argument 'bais'\n"
              "  y ~ normal(linear(x, 3, bais=0))\n"
              "                          ^~~~\n"
              "  did you mean 'bias'?");
  check_error("x ~ input(4)\ny ~ normal(linear(x, units=3))",
              "m.graph:2:22: error: 'linear' has no argument 'units'\n"
              "  y ~ normal(linear(x, units=3))\n"
              "                       ^~~~~\n"
              "  it is written linear(x, units, bias=1, share=NAME)");
  check_error("x ~ input(4)\ny ~ normal(x, beta=2)",
              "m.graph:2:15: error: 'normal' has no argument 'beta'\n"
              "  y ~ normal(x, beta=2)\n"
              "                ^~~~\n"
              "  it is written normal(MEAN, precision=1, tile=1, shape=EXTENTS, init=NUMBER)");
  check_error("x ~ input(4)\ny ~ normal(x, precision=2, precision=3)",
              "m.graph:2:28: error: 'precision' is given twice\n"
              "  y ~ normal(x, precision=2, precision=3)\n"
              "                             ^~~~~~~~~\n"
              "  leave one out");
}

TEST_CASE("shapes that do not fit are placed at the call or operator") {
  check_error("x ~ input(4)\nz ~ input(3)\ny ~ normal(2 * (x + z))",
              "m.graph:3:19: error: shapes [batch, 4] and [batch, 3] do not broadcast together\n"
              "  y ~ normal(2 * (x + z))\n"
              "                    ^");
  check_error("x ~ input(4)\nh ~ normal(linear(x, 4, share=W))\ny ~ normal(linear(h, 5, share=W))",
              "m.graph:3:12: error: share=W: W.weight is [4, 4] where it is used first, and [5, 4] here\n"
              "  y ~ normal(linear(h, 5, share=W))\n"
              "             ^~~~~~");
}

TEST_CASE("a name that is declared twice or used above its line names the other line") {
  check_error("x ~ input(4)\ny ~ normal(x)\nx ~ input(4)",
              "m.graph:3:1: error: 'x' is declared already, in line 1\n"
              "  x ~ input(4)\n"
              "  ^\n"
              "  give one of the two another name");
  check_error(
      "x ~ input(4)\ny ~ normal(x + h)\nh ~ normal(x)",
      "m.graph:2:16: error: 'h' is declared below, in line 3\n"
      "  y ~ normal(x + h)\n"
      "                 ^\n"
      "  move that line above this one; a cycle goes through a vertex that says its extents: NAME ~ normal(..., "
      "shape=48)");
  check_error("x ~ input(4)\ny ~ normal(x + y)",
              "m.graph:2:16: error: 'y' depends on itself\n"
              "  y ~ normal(x + y)\n"
              "                 ^\n"
              "  a cycle goes through a vertex that says its extents: NAME ~ normal(..., shape=48)");
}

TEST_CASE("a share that is named like a declared name is refused") {
  check_error("x ~ input(4)\nW ~ parameter(4, 4)\ny ~ normal(linear(x, 4, share=W) * W)",
              "m.graph:3:12: error: share=W needs a name of its own: line 2 declares 'W'\n"
              "  y ~ normal(linear(x, 4, share=W) * W)\n"
              "             ^~~~~~");
}

TEST_CASE("an input, parameter or expression that nothing uses is an error") {
  check_error("x ~ input(4)\nx2 ~ input(3)\ny ~ normal(x)",
              "m.graph:2:1: error: no line uses 'x2'\n"
              "  x2 ~ input(3)\n"
              "  ^~\n"
              "  use it in the prediction of a vertex, or take the line out");
  check_error("x ~ input(4)\na = 2 * x\ny ~ normal(x)",
              "m.graph:2:1: error: no line uses 'a'\n"
              "  a = 2 * x\n"
              "  ^\n"
              "  use it in the prediction of a vertex, or take the line out");
}

TEST_CASE("extents, precisions and first values have their ranges") {
  check_error("x ~ input(2.5)\ny ~ normal(x)",
              "m.graph:1:11: error: an extent is a whole number of at least 1\n"
              "  x ~ input(2.5)\n"
              "            ^~~");
  check_error("x ~ input(100000, 100000)\ny ~ normal(x)",
              "m.graph:1:5: error: a tensor of more than 2^31 elements is not supported\n"
              "  x ~ input(100000, 100000)\n"
              "      ^~~~~");
  check_error("x ~ input(4)\ny ~ normal(x, precision=-1)",
              "m.graph:2:25: error: a precision is a number above 0\n"
              "  y ~ normal(x, precision=-1)\n"
              "                          ^");
  check_error(
      "x ~ input(4)\ny ~ normal(x, precision=exp(concat(x, x)))",
      "m.graph:2:1: error: vertex 'y': a precision of shape [batch, 8] does not broadcast to the vertex's shape "
      "[batch, 4]\n"
      "  y ~ normal(x, precision=exp(concat(x, x)))\n"
      "  ^");
  check_error("W ~ parameter(4, init=gauss(1))\ny ~ normal(W)",
              "m.graph:1:23: error: there is no function named 'gauss'\n"
              "  W ~ parameter(4, init=gauss(1))\n"
              "                        ^~~~~");
  check_error("x ~ input(4)\ny ~ normal(x + 1 / 0)",
              "m.graph:2:18: error: the result of this arithmetic is not a finite number\n"
              "  y ~ normal(x + 1 / 0)\n"
              "                   ^");
  check_error("x ~ input(1)\ny ~ categorical(x)",
              "m.graph:2:5: error: 'categorical' needs at least 2 logits in the last axis, not the shape [batch, 1]\n"
              "  y ~ categorical(x)\n"
              "      ^~~~~~~~~~~");
}

TEST_CASE("a forgotten parenthesis is a mistake of its own line only") {
  check_error("x ~ input(4)\nh ~ normal(tanh(x)\ny ~ normal(linear(h, 2)",
              "m.graph:2:11: error: this '(' is never closed\n"
              "  h ~ normal(tanh(x)\n"
              "            ^\n"
              "m.graph:3:11: error: this '(' is never closed\n"
              "  y ~ normal(linear(h, 2)\n"
              "            ^");
  check_error("x ~ input(4)\na = (2 * x\nb = 3 * x\ny ~ normal(a + b))",
              "m.graph:2:5: error: this '(' is never closed\n"
              "  a = (2 * x\n"
              "      ^\n"
              "m.graph:4:18: error: this ')' closes nothing\n"
              "  y ~ normal(a + b))\n"
              "                   ^");
}

TEST_CASE("slips of notation say what is expected") {
  check_error("x ~ input(4)\ny ~ normal(x ** 2)",
              "m.graph:2:15: error: expected a value after '*'\n"
              "  y ~ normal(x ** 2)\n"
              "                ^\n"
              "  powers are written x ^ 2");
  check_error("x ~ input(4)\ny ~ normal(2 x)",
              "m.graph:2:14: error: expected ',' or ')'\n"
              "  y ~ normal(2 x)\n"
              "               ^");
  check_error("x ~ input(4)\ny ~ normal(x) + 1",
              "m.graph:2:15: error: this is no distribution\n"
              "  y ~ normal(x) + 1\n"
              "                ^\n"
              "  after '~' comes input(...), parameter(...), normal(...), categorical(...) or bernoulli(...)");
  check_error("x ~ input(4)\ny ~ normal(x) z ~ normal(x)",
              "m.graph:2:15: error: expected the end of the line or an operator\n"
              "  y ~ normal(x) z ~ normal(x)\n"
              "                ^");
  check_error("x ~ input(4)\ny normal(x)",
              "m.graph:2:3: error: expected '~' or '=' after the name\n"
              "  y normal(x)\n"
              "    ^~~~~~\n"
              "  a line is NAME ~ DISTRIBUTION or NAME = EXPRESSION");
  check_error("x ~ input(4)\ny ~",
              "m.graph:2:4: error: the line ends where a value is expected\n"
              "  y ~\n"
              "     ^");
  check_error("x ~ input(4)\n3 ~ normal(x)",
              "m.graph:2:1: error: a line begins with the name of a vertex\n"
              "  3 ~ normal(x)\n"
              "  ^\n"
              "  a line is NAME ~ DISTRIBUTION or NAME = EXPRESSION");
  check_error("x ~ input(4)\ny ~ normal(linear(units=3, x))",
              "m.graph:2:28: error: an argument without a keyword comes before those with one\n"
              "  y ~ normal(linear(units=3, x))\n"
              "                             ^");
  check_error("x ~ input(4)\ny ~ normal(x + 1.2.3)",
              "m.graph:2:16: error: this is not a number\n"
              "  y ~ normal(x + 1.2.3)\n"
              "                 ^~~~~\n"
              "  numbers are written 1, 2.5 or 1e-3");
  check_error("x ~ input(4)\ny.a ~ normal(x)",
              "m.graph:2:1: error: the name of a vertex or expression has no dots\n"
              "  y.a ~ normal(x)\n"
              "  ^~~\n"
              "  dots are for parameters within a vertex, such as h1.weight");
}

TEST_CASE("the caret stands under the right letter behind tabs and letters of several bytes") {
  check_error("x ~ input(4)\n\ty ~ normal(\xC3\xA9 + x)",
              "m.graph:2:13: error: this character has no meaning here\n"
              "   y ~ normal(\xC3\xA9 + x)\n"
              "              ^\n"
              "  only comments (after '#') may hold any text");
}

TEST_CASE("all mistakes of a text are listed in order, and a failed line causes no others") {
  check_error(
      "x ~ input(4, 0)\n"
      "h1 ~ normal(tanh(linear(x, 3)))\n"
      "h2 ~ normal(tnah(linear(h1, 3)) + unknown)\n"
      "h3 ~ normal(h2 + ,)\n"
      "y ~ categorical(linear(h3, units, bias=2))\n",
      "m.graph:1:14: error: an extent is a whole number of at least 1\n"
      "  x ~ input(4, 0)\n"
      "               ^\n"
      "m.graph:3:13: error: there is no function named 'tnah'\n"
      "  h2 ~ normal(tnah(linear(h1, 3)) + unknown)\n"
      "              ^~~~\n"
      "  did you mean 'tanh'?\n"
      "m.graph:3:35: error: there is no vertex or expression named 'unknown'\n"
      "  h2 ~ normal(tnah(linear(h1, 3)) + unknown)\n"
      "                                    ^~~~~~~\n"
      "m.graph:4:18: error: expected a value: a number, a name, a call or '('\n"
      "  h3 ~ normal(h2 + ,)\n"
      "                   ^\n"
      "m.graph:5:28: error: there is no vertex or expression named 'units'\n"
      "  y ~ categorical(linear(h3, units, bias=2))\n"
      "                             ^~~~~");
}

TEST_CASE("a mistake in a named expression is reported once, whoever uses it") {
  check_error("x ~ input(4)\na = tanh(x, 1)\nh ~ normal(a)\ny ~ normal(a + h)",
              "m.graph:2:5: error: 'tanh' takes 1 argument, not 2\n"
              "  a = tanh(x, 1)\n"
              "      ^~~~\n"
              "  it is written tanh(x)");
}

TEST_CASE("a text without a prediction is refused as a whole") {
  check_error("", "m.graph: error: the model has no vertex with a prediction (such as: y ~ normal(x))");
  check_error("# only a comment\n",
              "m.graph: error: the model has no vertex with a prediction (such as: y ~ normal(x))");
}
