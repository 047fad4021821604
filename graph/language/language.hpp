// Purpose: the `.graph` language: a generative model in statistical notation, one line a vertex.
//
//   # comments run to the end of the line
//   x  ~ input(28, 28)                                       clamped to data; the extents of one sample
//   W  ~ parameter(10, 20, init=normal(0.1))                 a parameter that several vertices may use; init: a number,
//                                                            normal(s), uniform(s) or fan_in(n)
//   h1 ~ normal(tanh(linear(flatten(x), 300)), precision=1)  a gaussian vertex and the mean it is predicted with; its
//                                                            precision is a number or an expression, which is learned
//                                                            where it is of parameters, predicted where of vertices
//   a  = linear(h1, 10)                                      a name for an expression, no vertex
//   y  ~ categorical(a)                                      one of several classes; the argument is the logits
//   z  ~ bernoulli(linear(h1, 5))                            things that happen or not, each on its own; logits, too
//
// Expressions: numbers, names, f(x, key=value), parentheses, and by falling precedence ^ (to the right), unary minus,
// * and /, + and -. So -x ^ 2 is -(x ^ 2), and 2 ^ -1 is allowed. Arithmetic over numbers is done while reading, so
// `hidden = 2 * 64` may stand where a number is asked for. A line ends with its line, except inside parentheses.
// A vertex is declared above the lines that use it, except where its own line says its extents: it may then be used
// anywhere, by itself too, which makes a cycle. `init` is the value that it starts from, 0 where there is none.
//
//   h  ~ normal(tanh(linear(concat(x, h, y), 48)), shape=48, init=normal(0.1))      shape=[16, 8] for two axes
//
//   repeat t in 1..50 {                                      its lines, once for t = 1, 2, ... 50; nothing where the
//     h[t] ~ normal(tanh(linear(h[t - 1], 64, share=W)))     second number is smaller. 50..1 by -1 counts down
//   }
//   step(x, t) = squeeze(slice(x, t - 1, t, axis=0))         a function: a call of it is its right side
//   y  ~ categorical(linear(concat(h[1..50]), 10))           a range of indices is so many arguments
//   include "layers.graph"                                   the lines of another file, relative to this one
//
// A name may have indices, whole numbers that are worked out while reading: h[t - 1], w[i, j]. Each is a name of its
// own, "h[3]", with parameters such as "h[3].weight". What a recurrence begins with stands before its repeat:
// `h[0] = zeros(64)`. Functions see their arguments and the names of lines above; an argument that only stands behind a
// keyword (`share=W`) may be any word.
//
// `=` inlines: every vertex that uses the name evaluates the expression for itself, once, and owns the parameters in
// it (`a = linear(x, 5)`, used in h1 and h2, makes h1.weight and h2.weight: two matrices). `share=W` makes W.weight
// and W.bias vertices that all uses have in common. Parameters that a vertex owns are VERTEX.weight, VERTEX.bias; the
// second of a kind is VERTEX.weight2.
//
// Errors: BadConfig with all mistakes of the text, each as FILE:LINE:COLUMN: error: ..., the line, a caret under the
// place and a remedy. Thread rule: pure.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "graph/graph.hpp"

namespace settle {

struct IncludedText {
  std::string file_name;  // says which file it is: the same for the same file
  std::string text;
};

// The file that `path` means in the file `including`. Errors: MissingInput; BadConfig for what is no model.
using IncludeReader = std::function<IncludedText(const std::string& including, const std::string& path)>;

struct LanguageOptions {
  // First values of every parameter that the text gives none; nothing: uniform on +-1/sqrt(fan-in).
  std::optional<Initializer> init = std::nullopt;
  // Null: an include is a mistake.
  IncludeReader include = nullptr;
  // Lines, and operators of predictions, that the text may stand for, everything written out.
  std::uint64_t limit = 1'000'000;
};

// Reads no file, except through `options.include`. `file_name` appears in errors only.
GraphPtr parse_graph(std::string_view text, const std::string& file_name, const LanguageOptions& options = {});

// Includes are read from files where the options do not say otherwise. Errors: MissingInput where one cannot be read.
GraphPtr load_graph(const std::filesystem::path& path, LanguageOptions options = {});

// The IncludeReader of files.
IncludedText read_included(const std::string& including, const std::string& path);

// The text of a model file, for who wants to show it. Errors: MissingInput; BadConfig for one too long to be a model.
std::string read_graph_text(const std::filesystem::path& path);

// "default" (nothing), "0.5", "normal(0.05)", "uniform(0.1)" or "fan_in(100)". `origin` appears in errors only.
std::optional<Initializer> parse_initializer(std::string_view text, const std::string& origin);

}  // namespace settle
