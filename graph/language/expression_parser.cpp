#include "graph/language/expression_parser.hpp"

#include <algorithm>

namespace settle::language {
namespace {

[[noreturn]] void fail_deep(Range at) {
  throw SyntaxError{at, "this expression goes more than " + std::to_string(kMaxNesting) + " levels deep",
                    "name a part of it on a line of its own: NAME = EXPRESSION"};
}

}  // namespace

void fail(const Token& token, std::string message, std::string hint) {
  if (token.kind == TokenKind::invalid) message.clear();
  throw SyntaxError{token.at, std::move(message), std::move(hint)};
}

ExpressionParser::ExpressionParser(const Source& source, std::span<const Token> tokens, SyntaxTree& tree)
    : source_(&source), tokens_(tokens), tree_(&tree) {
  if (!tokens.empty()) end_.at = {tokens.back().at.offset + tokens.back().at.length, 0};
}

void ExpressionParser::finish() {
  const Token& rest = peek();
  if (at_end()) return;
  if (rest.kind == TokenKind::close) fail(rest, "this ')' closes nothing");
  if (rest.kind == TokenKind::bracket_close) fail(rest, "this ']' closes nothing");
  refuse_index();
  fail(rest, "expected the end of the line or an operator",
       rest.kind == TokenKind::equals || rest.kind == TokenKind::tilde ? "one declaration a line" : "");
}

void ExpressionParser::indices(const Token& open, SyntaxNode& node) {
  do {
    NodeIndex index = expression();
    if (peek().kind == TokenKind::dots) {
      const Token& dots = take();
      index = add_operator(NodeKind::range, dots, {index, expression()});
    }
    node.arguments.push_back({{}, index});
  } while (take_if(TokenKind::comma));
  if (take_if(TokenKind::bracket_close)) return;
  if (at_end()) fail(open, "this '[' is never closed");
  fail(peek(), "expected ',' or ']'");
}

NodeIndex ExpressionParser::indexed(const Token& name) {
  SyntaxNode node{NodeKind::indexed, name.at, 0, 1, {}, name.at, {}};
  const Token& open = take();
  indices(open, node);
  if (peek().kind == TokenKind::member) node.member = take().at;
  node.at.length = taken_to() - node.at.offset;
  return add(std::move(node));
}

void ExpressionParser::refuse_index() const {
  if (peek().kind == TokenKind::bracket_open)
    fail(peek(), "only a name has an index", "a part of a value is slice(x, begin, end)");
}

NodeIndex ExpressionParser::add(SyntaxNode node) {
  for (const NodeArgument& argument : node.arguments)
    node.height = std::max(node.height, tree_->nodes[argument.value].height + 1);
  if (node.height > kMaxNesting) fail_deep(node.at);
  tree_->nodes.push_back(std::move(node));
  return static_cast<NodeIndex>(tree_->nodes.size() - 1);
}
NodeIndex ExpressionParser::add_operator(NodeKind kind, const Token& sign, std::initializer_list<NodeIndex> operands) {
  SyntaxNode node{kind, sign.at, 0, 1, {}, {}, {}};
  for (const NodeIndex operand : operands) node.arguments.push_back({{}, operand});
  return add(std::move(node));
}

// Left to right: operand {operator operand}.
template <class Operand>
NodeIndex ExpressionParser::chain(Operand operand, std::initializer_list<std::pair<TokenKind, NodeKind>> operators) {
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
NodeIndex ExpressionParser::expression() {
  return chain(&ExpressionParser::product, {{TokenKind::plus, NodeKind::add}, {TokenKind::minus, NodeKind::subtract}});
}
NodeIndex ExpressionParser::product() {
  return chain(&ExpressionParser::unary, {{TokenKind::star, NodeKind::multiply}, {TokenKind::slash, NodeKind::divide}});
}

// Every recursion of the parser comes through here.
NodeIndex ExpressionParser::unary() {
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

NodeIndex ExpressionParser::power() {
  const NodeIndex base = primary();
  if (peek().kind != TokenKind::caret) return base;
  const Token& sign = take();
  return add_operator(NodeKind::power, sign, {base, unary()});
}

NodeIndex ExpressionParser::primary() {
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

NodeIndex ExpressionParser::call(const Token& name) {
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

void ExpressionParser::close(const Token& open) {
  if (take_if(TokenKind::close)) return;
  if (at_end()) fail(open, "this '(' is never closed");
  refuse_index();
  fail(peek(), "expected ',' or ')'");
}

}  // namespace settle::language
