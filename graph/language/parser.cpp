#include "graph/language/parser.hpp"

#include <algorithm>
#include <utility>

#include "graph/language/expression_parser.hpp"
#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

constexpr std::size_t kMostParameters = 32;

class StatementParser final : public ExpressionParser {
 public:
  using ExpressionParser::ExpressionParser;

  // Fills everything that the statement says of itself.
  void statement(Statement& result) {
    const Token& name = take();
    if (is_word(source(), name, "repeat") && peek().kind == TokenKind::name) return repeat(result);
    if (is_word(source(), name, "include"))
      fail(peek().kind == TokenKind::invalid ? peek() : name, "expected the name of a file in quotes after 'include'",
           "it is written include \"layers.graph\"");
    if (name.kind == TokenKind::brace_open)
      fail(name, "this '{' begins nothing", "a block is written repeat t in 1..10 { ... }");
    if (name.kind != TokenKind::name) fail(name, "a line begins with the name of a vertex", kForms);
    if (is_word(source(), name, "repeat")) fail(name, "expected a name after 'repeat'", kRepeat);
    result.name = result.at = name.at;
    if (peek().kind == TokenKind::bracket_open) declared_indices(result);
    if (peek().kind == TokenKind::open && defines_function()) return function(result);
    const Token& relation = take();
    if (relation.kind != TokenKind::tilde && relation.kind != TokenKind::equals)
      fail(relation, "expected '~' or '=' after the name", kForms);
    result.root = expression();
    finish();
    result.relation = relation.kind == TokenKind::tilde ? Relation::vertex : Relation::definition;
  }

 private:
  static constexpr const char* kForms = "a line is NAME ~ DISTRIBUTION or NAME = EXPRESSION";
  static constexpr const char* kRepeat = "it is written repeat t in 1..10 { ... }";

  bool defines_function() const {
    const auto close = std::ranges::find(tokens(), TokenKind::close, &Token::kind);
    return close != tokens().end() && close + 1 != tokens().end() && (close + 1)->kind == TokenKind::equals;
  }

  // repeat NAME in FROM..TO by STEP {
  void repeat(Statement& result) {
    const Token& variable = take();
    result.name = result.at = variable.at;
    if (!is_word(source(), peek(), "in")) fail(peek(), "expected 'in' after the name of the repeat", kRepeat);
    take();
    const NodeIndex from = expression();
    const Token& dots = take();
    if (dots.kind != TokenKind::dots) fail(dots, "expected '..' between the first and the last number", kRepeat);
    result.root = add_operator(NodeKind::range, dots, {from, expression()});
    if (is_word(source(), peek(), "by")) {
      take();
      result.by = expression();
    }
    if (!take_if(TokenKind::brace_open)) fail(peek(), "expected '{' after the head of a repeat", kRepeat);
    result.relation = Relation::repeat;
  }

  // NAME(A, B, ...) = EXPRESSION
  void function(Statement& result) {
    take();
    do {
      const Token& parameter = take();
      if (parameter.kind == TokenKind::close && result.parameters.empty())
        fail(parameter, "a function has at least one argument", "what has none is a name: NAME = EXPRESSION");
      if (parameter.kind != TokenKind::name || peek().kind == TokenKind::equals)
        fail(parameter.kind == TokenKind::name ? peek() : parameter, "expected the name of an argument",
             "a function is written block(x, n) = EXPRESSION");
      for (const Range& other : result.parameters)
        if (source().text(other) == source().text(parameter.at))
          fail(parameter, "'" + std::string(source().text(other)) + "' names two arguments");
      if (result.parameters.size() == kMostParameters)
        fail(parameter, "a function has at most " + std::to_string(kMostParameters) + " arguments");
      result.parameters.push_back(parameter.at);
    } while (take_if(TokenKind::comma));
    if (!take_if(TokenKind::close)) fail(peek(), "expected ',' or ')'");
    take();  // '=', which is what makes the line a function
    result.root = expression();
    finish();
    result.relation = Relation::function;
  }

  void declared_indices(Statement& result) {
    const Token& open = take();
    SyntaxNode node;
    indices(open, node);
    for (const NodeArgument& index : node.arguments) {
      const SyntaxNode& written = tree().nodes[index.value];
      if (written.kind == NodeKind::range) throw SyntaxError{written.at, "a line declares one vertex", kRepeat};
      result.indices.push_back(index.value);
    }
    result.at.length = taken_to() - result.at.offset;
  }
};

// Names by where they stand: of what comes before '~' or '[' and of a line's first word a declaration is made; what is
// not the keyword of an argument may be a use.
void collect_names(const Source& source, std::span<const Token> tokens, Statement& statement) {
  const bool repeats = is_word(source, tokens.front(), "repeat");
  for (std::size_t i = repeats ? 2 : 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::name) continue;
    const TokenKind next = i + 1 < tokens.size() ? tokens[i + 1].kind : TokenKind::end;
    const std::string_view name = source.text(tokens[i].at);
    if (i == 0 || next == TokenKind::tilde || (next == TokenKind::bracket_open && tokens[i].starts_line))
      statement.declares.push_back(tokens[i].at);
    else if (next != TokenKind::equals)
      statement.mentions.push_back(name);
  }
}

void report(const SyntaxError& error, Diagnostics& diagnostics) {
  if (!error.message.empty()) diagnostics.report(error.at, error.message, error.hint);
}

}  // namespace

Statement parse_statement(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                          Diagnostics& diagnostics) {
  Statement statement;
  collect_names(source, tokens, statement);
  try {
    StatementParser(source, tokens, tree).statement(statement);
  } catch (const SyntaxError& error) {
    report(error, diagnostics);
  }
  return statement;
}

std::optional<NodeIndex> parse_expression(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                                          Diagnostics& diagnostics) {
  try {
    ExpressionParser parser(source, tokens, tree);
    const NodeIndex root = parser.expression();
    parser.finish();
    return root;
  } catch (const SyntaxError& error) {
    report(error, diagnostics);
    return std::nullopt;
  }
}

}  // namespace settle::language
