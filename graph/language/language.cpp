#include "graph/language/language.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "graph/error.hpp"
#include "graph/language/analyser.hpp"
#include "graph/language/distributions.hpp"
#include "graph/language/inliner.hpp"
#include "graph/language/parser.hpp"
#include "graph/language/reader.hpp"

namespace settle {
namespace {

void throw_if_any(const language::Diagnostics& diagnostics) {
  if (!diagnostics.empty()) throw BadConfig(diagnostics.render_all());
}

}  // namespace

GraphPtr parse_graph(std::string_view text, const std::string& file_name, const LanguageOptions& options) {
  language::Source source(text, file_name);
  language::Diagnostics diagnostics(source);
  const language::SyntaxTree tree = language::read_tree(source, options.include, diagnostics);
  GraphPtr graph = language::analyse(source, tree, options, diagnostics);
  throw_if_any(diagnostics);
  return graph;
}

std::string read_graph_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw MissingInput(path.string() + ": cannot read this model: " +
                       (file ? "it is a directory" : std::strerror(errno)) + "; give the path of a .graph file");
  std::string text(language::kMaxText + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) throw MissingInput(path.string() + ": reading this model failed: " + std::strerror(errno));
  static_cast<void>(language::Source(text, path.string()));
  return text;
}

IncludedText read_included(const std::string& including, const std::string& path) {
  const auto file = (std::filesystem::path(including).parent_path() / path).lexically_normal();
  return {file.string(), read_graph_text(file)};
}

GraphPtr load_graph(const std::filesystem::path& path, LanguageOptions options) {
  if (!options.include) options.include = read_included;
  return parse_graph(read_graph_text(path), path.lexically_normal().string(), options);
}

std::optional<Initializer> parse_initializer(std::string_view text, const std::string& origin) {
  if (text == "default") return std::nullopt;
  const language::Source source(text, origin);
  language::Diagnostics diagnostics(source);
  const std::vector<language::Token> tokens = language::lex(source, 0, diagnostics);
  language::SyntaxTree tree;
  std::optional<Initializer> init;
  if (const auto root = language::parse_expression(source, tokens, tree, diagnostics)) {
    const LanguageOptions options;
    language::Model model{source, tree, options, diagnostics, language::Symbols(source, tree), GraphBuilder(), 0};
    language::Inliner trial(model, "", language::Inliner::Mode::trial);
    init = language::make_initializer(model, trial, *root);
  }
  throw_if_any(diagnostics);
  return init;
}

}  // namespace settle
