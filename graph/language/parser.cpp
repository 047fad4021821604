#include "graph/language/parser.hpp"

#include <algorithm>
#include <utility>

#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

// Leaves a statement at its first mistake; an empty message where the lexer has reported it.
struct SyntaxError {
  Range at;
  std::string message;
  std::string hint;
};

constexpr std::size_t kMostParameters = 32;

[[noreturn]] void fail(const Token& token, std::string message, std::string hint = "") {
  if (token.kind == TokenKind::invalid) message.clear();
  throw SyntaxError{token.at, std::move(message), std::move(hint)};
}

class Parser {
 public:
  Parser(const Source& source, std::span<const Token> tokens, SyntaxTree& tree)
      : source_(&source), tokens_(tokens), tree_(&tree) {
    if (!tokens.empty()) end_.at = {tokens.back().at.offset + tokens.back().at.length, 0};
  }

  // Fills everything that the statement says of itself.
  void statement(Statement& result) {
    const Token& name = take();
    if (is_word(*source_, name, "repeat") && peek().kind == TokenKind::name) return repeat(result);
    if (is_word(*source_, name, "include"))
      fail(peek().kind == TokenKind::invalid ? peek() : name, "expected the name of a file in quotes after 'include'",
           "it is written include \"layers.graph\"");
    if (name.kind == TokenKind::brace_open)
      fail(name, "this '{' begins nothing", "a block is written repeat t in 1..10 { ... }");
    if (name.kind != TokenKind::name) fail(name, "a line begins with the name of a vertex", kForms);
    if (is_word(*source_, name, "repeat")) fail(name, "expected a name after 'repeat'", kRepeat);
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

  NodeIndex whole_expression() {
    const NodeIndex root = expression();
    finish();
    return root;
  }

 private:
  static constexpr const char* kForms = "a line is NAME ~ DISTRIBUTION or NAME = EXPRESSION";
  static constexpr const char* kRepeat = "it is written repeat t in 1..10 { ... }";

  const Token& peek() const { return at_ < tokens_.size() ? tokens_[at_] : end_; }
  const Token& take() {
    const Token& token = peek();
    ++at_;
    return token;
  }
  bool take_if(TokenKind kind) {
    if (peek().kind != kind) return false;
    ++at_;
    return true;
  }

  bool defines_function() const {
    const auto close = std::ranges::find(tokens_, TokenKind::close, &Token::kind);
    return close != tokens_.end() && close + 1 != tokens_.end() && (close + 1)->kind == TokenKind::equals;
  }

  // repeat NAME in FROM..TO by STEP {
  void repeat(Statement& result) {
    const Token& variable = take();
    result.name = result.at = variable.at;
    if (!is_word(*source_, peek(), "in")) fail(peek(), "expected 'in' after the name of the repeat", kRepeat);
    take();
    const NodeIndex from = expression();
    const Token& dots = take();
    if (dots.kind != TokenKind::dots) fail(dots, "expected '..' between the first and the last number", kRepeat);
    result.root = add_operator(NodeKind::range, dots, {from, expression()});
    if (is_word(*source_, peek(), "by")) {
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
        if (source_->text(other) == source_->text(parameter.at))
          fail(parameter, "'" + std::string(source_->text(other)) + "' names two arguments");
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
      const SyntaxNode& written = tree_->nodes[index.value];
      if (written.kind == NodeKind::range) throw SyntaxError{written.at, "a line declares one vertex", kRepeat};
      result.indices.push_back(index.value);
    }
    result.at.length = tokens_[at_ - 1].at.offset + 1 - result.at.offset;
  }

  // I, J, ...] behind `open`; each an expression or FROM..TO.
  void indices(const Token& open, SyntaxNode& node) {
    do {
      NodeIndex index = expression();
      if (peek().kind == TokenKind::dots) {
        const Token& dots = take();
        index = add_operator(NodeKind::range, dots, {index, expression()});
      }
      node.arguments.push_back({{}, index});
    } while (take_if(TokenKind::comma));
    if (take_if(TokenKind::bracket_close)) return;
    if (at_ >= tokens_.size()) fail(open, "this '[' is never closed");
    fail(peek(), "expected ',' or ']'");
  }

  NodeIndex indexed(const Token& name) {
    SyntaxNode node{NodeKind::indexed, name.at, 0, 1, {}, name.at, {}};
    const Token& open = take();
    indices(open, node);
    if (peek().kind == TokenKind::member) node.member = take().at;
    const Range last = tokens_[at_ - 1].at;
    node.at.length = last.offset + last.length - node.at.offset;
    return add(std::move(node));
  }

  void refuse_index() const {
    if (peek().kind == TokenKind::bracket_open)
      fail(peek(), "only a name has an index", "a part of a value is slice(x, begin, end)");
  }

  void finish() {
    const Token& rest = peek();
    if (at_ >= tokens_.size()) return;
    if (rest.kind == TokenKind::close) fail(rest, "this ')' closes nothing");
    if (rest.kind == TokenKind::bracket_close) fail(rest, "this ']' closes nothing");
    refuse_index();
    fail(rest, "expected the end of the line or an operator",
         rest.kind == TokenKind::equals || rest.kind == TokenKind::tilde ? "one declaration a line" : "");
  }

  NodeIndex add(SyntaxNode node) {
    for (const NodeArgument& argument : node.arguments)
      node.height = std::max(node.height, tree_->nodes[argument.value].height + 1);
    if (node.height > kMaxNesting) fail_deep(node.at);
    tree_->nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(tree_->nodes.size() - 1);
  }
  NodeIndex add_operator(NodeKind kind, const Token& sign, std::initializer_list<NodeIndex> operands) {
    SyntaxNode node{kind, sign.at, 0, 1, {}, {}, {}};
    for (const NodeIndex operand : operands) node.arguments.push_back({{}, operand});
    return add(std::move(node));
  }

  [[noreturn]] static void fail_deep(Range at) {
    throw SyntaxError{at, "this expression goes more than " + std::to_string(kMaxNesting) + " levels deep",
                      "name a part of it on a line of its own: NAME = EXPRESSION"};
  }

  // Left to right: operand {operator operand}.
  template <class Operand>
  NodeIndex chain(Operand operand, std::initializer_list<std::pair<TokenKind, NodeKind>> operators) {
    NodeIndex left = (this->*operand)();
    for (;;) {
      const auto* found = std::ranges::find(operators, peek().kind, &std::pair<TokenKind, NodeKind>::first);
      if (found == operators.end()) return left;
      const Token& sign = take();
      if (sign.kind == TokenKind::star && peek().kind == TokenKind::star)
        fail(peek(), "expected a value after '*'", "powers are written x ^ 2");
      left = add_operator(found->second, sign, {left, (this->*operand)()});
    }
  }
  NodeIndex expression() {
    return chain(&Parser::product, {{TokenKind::plus, NodeKind::add}, {TokenKind::minus, NodeKind::subtract}});
  }
  NodeIndex product() {
    return chain(&Parser::unary, {{TokenKind::star, NodeKind::multiply}, {TokenKind::slash, NodeKind::divide}});
  }

  // Every recursion of the parser comes through here.
  NodeIndex unary() {
    if (++depth_ > kMaxNesting) fail_deep(peek().at);
    NodeIndex result = 0;
    if (peek().kind == TokenKind::minus) {
      const Token& sign = take();
      result = add_operator(NodeKind::negate, sign, {unary()});
    } else {
      result = power();
    }
    --depth_;
    return result;
  }

  NodeIndex power() {
    const NodeIndex base = primary();
    if (peek().kind != TokenKind::caret) return base;
    const Token& sign = take();
    return add_operator(NodeKind::power, sign, {base, unary()});
  }

  NodeIndex primary() {
    const Token& token = take();
    switch (token.kind) {
      case TokenKind::number:
        return add({NodeKind::number, token.at, token.number, 1, {}, {}, {}});
      case TokenKind::name:
        if (peek().kind == TokenKind::bracket_open) return indexed(token);
        if (peek().kind == TokenKind::open) return call(token);
        return add({NodeKind::name, token.at, 0, 1, {}, {}, {}});
      case TokenKind::open: {
        const NodeIndex inner = expression();
        close(token);
        return inner;
      }
      case TokenKind::bracket_open: {
        SyntaxNode node{NodeKind::list, token.at, 0, 1, {}, {}, {}};
        indices(token, node);
        return add(std::move(node));
      }
      case TokenKind::end:
        fail(token, "the line ends where a value is expected");
      default:
        fail(token, "expected a value: a number, a name, a call or '('");
    }
  }

  NodeIndex call(const Token& name) {
    const Token& open = take();
    SyntaxNode node{NodeKind::call, name.at, 0, 1, {}, {}, {}};
    if (!take_if(TokenKind::close)) {
      do {
        const bool keyword =
            peek().kind == TokenKind::name && at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::equals;
        Range key;
        if (keyword) {
          key = take().at;
          take();
        } else if (!node.arguments.empty() && !node.arguments.back().positional()) {
          fail(peek(), "an argument without a keyword comes before those with one");
        }
        node.arguments.push_back({key, expression()});
      } while (take_if(TokenKind::comma));
      close(open);
    }
    return add(std::move(node));
  }

  void close(const Token& open) {
    if (take_if(TokenKind::close)) return;
    if (at_ >= tokens_.size()) fail(open, "this '(' is never closed");
    refuse_index();
    fail(peek(), "expected ',' or ')'");
  }

  const Source* source_;
  std::span<const Token> tokens_;
  SyntaxTree* tree_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  Token end_;  // the place after the last token
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
    Parser(source, tokens, tree).statement(statement);
  } catch (const SyntaxError& error) {
    report(error, diagnostics);
  }
  return statement;
}

std::optional<NodeIndex> parse_expression(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                                          Diagnostics& diagnostics) {
  try {
    return Parser(source, tokens, tree).whole_expression();
  } catch (const SyntaxError& error) {
    report(error, diagnostics);
    return std::nullopt;
  }
}

}  // namespace settle::language
