// Texts that nobody would write: each ends in a graph or in BadConfig, soon, and never in a crash.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

// The errors, or "" for a text that is a model.
std::string errors(const std::string& text) {
  try {
    parse_graph(text, "m.graph");
  } catch (const BadConfig& error) {
    return error.what();
  }
  return "";
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// x = l0, then l1 = FORM with @ standing for the line above, and so on; y uses the last.
std::string chain(std::size_t lines, const std::string& form) {
  std::string text = "l0 ~ input(2)\n";
  for (std::size_t i = 1; i <= lines; ++i) {
    std::string right = form;
    for (std::size_t at = 0; (at = right.find('@')) != std::string::npos;)
      right.replace(at, 1, "l" + std::to_string(i - 1));
    text += "l" + std::to_string(i) + " = " + right + "\n";
  }
  return text + "y ~ normal(l" + std::to_string(lines) + ")\n";
}

bool survives(const std::string& text) {
  try {
    const GraphPtr graph = parse_graph(text, "m.graph", {.limit = 20000});
    return !describe(*graph).empty() && !dot(*graph).empty();
  } catch (const BadConfig& error) {
    return std::string(error.what()).starts_with("m.graph");
  }
}

}  // namespace

TEST_CASE("nesting beyond 200 levels is refused, whatever makes it") {
  const std::size_t many = 100000;
  const std::string deep = "goes more than 200 levels deep";
  for (const char* opening : {"(", "-", "tanh(", "2 ^ ", "x ^ -("}) {
    CAPTURE(opening);
    CHECK(mentions(errors("x ~ input(1)\ny ~ normal(" + repeated(opening, many) + "x)"), deep));
    CHECK(mentions(errors("x ~ input(1)\ny ~ normal(" + repeated(opening, many)), deep));
  }
  CHECK(mentions(errors("x ~ input(1)\ny ~ normal(x" + repeated(" + x", many) + ")"), deep));
  CHECK(mentions(errors("x ~ input(1)\ny ~ normal(x" + repeated("*x", many) + ")"), deep));
}

TEST_CASE("nesting of 190 levels is read") {
  CHECK(errors("x ~ input(1)\ny ~ normal(" + repeated("(", 190) + "x" + repeated(")", 190) + ")") == "");
  CHECK(errors("x ~ input(1)\ny ~ normal(x" + repeated(" + x", 190) + ")") == "");
}

TEST_CASE("names written out more than 1000 levels deep are refused") {
  CHECK(errors(chain(400, "tanh(@)")) == "");
  CHECK(mentions(errors(chain(5000, "tanh(@)")),
                 "the prediction of 'y' goes more than 1000 levels deep with its '=' names written out"));
}

TEST_CASE("names that double what they stand for stay as small as their lines") {
  const GraphPtr graph = parse_graph(chain(300, "@ + @"), "m.graph");
  CHECK((*graph)[1].program->instructions.size() == 300);
}

TEST_CASE("a short text that stands for too large a model is refused") {
  std::string text = chain(400, "tanh(@)");
  for (int i = 0; i < 5000; ++i) text += "y" + std::to_string(i) + " ~ normal(l400)\n";
  CHECK(mentions(errors(text), "m.graph: error: the model has more than 1000000 operators"));
}

TEST_CASE("a long text is read, and one beyond 4 MiB refused") {
  std::string text = "h0 ~ input(2)\n";
  for (int i = 1; i <= 5000; ++i)
    text += "h" + std::to_string(i) + " ~ normal(tanh(linear(h" + std::to_string(i - 1) + ", 2)))\n";
  CHECK(parse_graph(text, "m.graph")->size() == 5001);
  CHECK(mentions(errors(std::string(5 << 20, '#')), "m.graph: a model of more than 4 MiB of text is not supported"));
}

TEST_CASE("of very many mistakes the first hundred are listed, each line cut to a readable length") {
  const std::string text = errors(repeated("y ~ normal(unknown" + std::string(5000, ' ') + ")\n", 300));
  CHECK(mentions(text, "only the first mistakes are listed"));
  CHECK(text.size() < 100 * 500);
}

TEST_CASE("control characters of a text do not reach the terminal") {
  const std::string text = errors("x ~ input(4)\ny ~ normal(x \x1b[31m\x07 + \x7f)");
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find('\x7f') == std::string::npos);
}

TEST_CASE("names that are too long for a file of parameters are refused") {
  CHECK(mentions(errors("x ~ input(1)\n" + std::string(101, 'a') + " ~ normal(x)"), "a name has at most 100 letters"));
  CHECK(errors("x ~ input(1)\n" + std::string(100, 'a') + " ~ normal(x)") == "");
}

TEST_CASE("random bytes end in a graph or in BadConfig") {
  CHECK(rc::check("random bytes", [] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    RC_ASSERT(survives(bytes));
    RC_ASSERT(survives("x ~ input(2)\ny ~ normal(x" + bytes));
  }));
}

TEST_CASE("random tokens end in a graph or in BadConfig") {
  CHECK(rc::check("random tokens", [] {
    const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "x", "y", "h", "W.weight", "\n", "\n", "~", "=", "input(", "parameter(", "normal(", "categorical(", "linear(",
        "tanh(", "concat(", "reshape(", "slice(", "sum(", "pow(",
        "share=", "axis=", "init=", "precision=", "bias=", ",", ")", ")", "(", "+", "-", "*", "/", "^", "0", "1", "2",
        "-1", "2.5", "1e300", "[", "]", "{", "}", "..", "repeat", "repeat t in 1..", "t", "h[t]", "h[", "x[1..3]",
        "f(a) =", "f(", "by", "include \"", "\"", "#", "\t"));
    std::string text = "x ~ input(2, 3)\n";
    for (const std::string& token : tokens) text += token + " ";
    RC_ASSERT(survives(text));
  }));
}

TEST_CASE("lines with random expressions over known names end in a graph or in BadConfig") {
  CHECK(rc::check("random calls", [] {
    const auto calls = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "tanh(@)", "linear(@, 3)", "linear(@, 2, share=W)", "linear(@, 3, bias=0)", "@ + x", "x * @", "@ ^ 2", "2 ^ @",
        "flatten(@)", "reshape(@, 3, 2)", "reshape(@, -1)", "sum(@)", "sum(@, axis=0)", "mean(@, axis=-1, keep=1)",
        "concat(@, x)", "concat(@, @, axis=0)", "slice(@, 0, 1)", "slice(@, 0, 2, axis=0)", "-@", "@ / p",
        "min(@, p)"));
    std::string text = "x ~ input(2, 3)\np ~ parameter(3)\n";
    std::string expression = "x - p";
    int vertex = 0;
    for (const std::string& call : calls) {
      std::string next = call;
      for (std::size_t at = 0; (at = next.find('@', at)) != std::string::npos; at += expression.size())
        next.replace(at, 1, expression);
      expression = "(" + next + ")";
      if (expression.size() < 60) continue;
      text += "h" + std::to_string(vertex) + " ~ normal(" + expression + ")\n";
      expression = "h" + std::to_string(vertex++);
    }
    RC_ASSERT(survives(text + "y ~ normal(" + expression + ")\n"));
  }));
}

namespace {

// Arithmetic written with as few parentheses as mathematics allows, and its value.
struct Written {
  std::string text;
  double value = 0;
  int rank = 0;  // 4 number, 3 power, 2 minus, 1 product, 0 sum
};

std::string within(const Written& part, int rank) { return part.rank < rank ? "(" + part.text + ")" : part.text; }

Written arithmetic(int depth) {
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 7);
  if (kind == 0) {
    const int number = *rc::gen::inRange(1, 9);
    return {std::to_string(number), static_cast<double>(number), 4};
  }
  const Written a = arithmetic(depth - 1);
  if (kind == 1) return {"-" + within(a, 2), -a.value, 2};
  const Written b = arithmetic(depth - 1);
  switch (kind) {
    case 2:
      return {within(a, 0) + "+" + within(b, 1), a.value + b.value, 0};
    case 3:
      return {within(a, 0) + " - " + within(b, 1), a.value - b.value, 0};
    case 4:
      return {within(a, 1) + "*" + within(b, 2), a.value * b.value, 1};
    case 5:
      return {within(a, 1) + " / " + within(b, 2), a.value / b.value, 1};
    default:
      return {within(a, 4) + "^" + within(b, 2), std::pow(a.value, b.value), 3};
  }
}

}  // namespace

TEST_CASE("random arithmetic has the value that its tree has") {
  CHECK(rc::check("arithmetic", [] {
    const Written written = arithmetic(4);
    RC_PRE(std::isfinite(written.value));
    // A part may be beyond all bounds where the whole is not: 1 / (9^9^9).
    try {
      const GraphPtr graph = parse_graph("p ~ parameter(1, init=" + written.text + ")\ny ~ normal(p)", "m.graph");
      const double read = (*graph)[0].parameters.front().init.scale;
      RC_ASSERT(read == written.value);
    } catch (const BadConfig& error) {
      RC_ASSERT(std::string(error.what()).find("is not a finite number") != std::string::npos);
    }
  }));
}
