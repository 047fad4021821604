#include "graph/language/lexer.hpp"

#include <charconv>
#include <cmath>
#include <optional>

namespace settle::language {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || is_digit(c); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::optional<TokenKind> punctuation(char c) {
  switch (c) {
    case '+':
      return TokenKind::plus;
    case '-':
      return TokenKind::minus;
    case '*':
      return TokenKind::star;
    case '/':
      return TokenKind::slash;
    case '^':
      return TokenKind::caret;
    case '(':
      return TokenKind::open;
    case ')':
      return TokenKind::close;
    case ',':
      return TokenKind::comma;
    case '=':
      return TokenKind::equals;
    case '~':
      return TokenKind::tilde;
    case '[':
      return TokenKind::bracket_open;
    case ']':
      return TokenKind::bracket_close;
    case '{':
      return TokenKind::brace_open;
    case '}':
      return TokenKind::brace_close;
    default:
      return std::nullopt;
  }
}

class Lexer {
 public:
  Lexer(const Source& source, std::uint32_t file, Diagnostics& diagnostics)
      : text_(source.text(source.all_of(file))), begin_(source.all_of(file).offset), diagnostics_(&diagnostics) {}

  std::vector<Token> run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // the byte order mark that some editors write
    while (at_ < text_.size()) next();
    return std::move(tokens_);
  }

 private:
  char peek(std::uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void next() {
    const char c = peek();
    if (c == '\n') {
      starts_line_ = true;
      ++at_;
    } else if (is_space(c)) {
      ++at_;
    } else if (c == '#') {
      while (at_ < text_.size() && peek() != '\n') ++at_;
    } else if (is_letter(c)) {
      add(TokenKind::name, name_length());
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
    } else if (c == '.' && peek(1) == '.') {
      add(TokenKind::dots, 2);
    } else if (c == '.' && is_letter(peek(1)) && !tokens_.empty() && tokens_.back().kind == TokenKind::bracket_close) {
      add(TokenKind::member, name_length());
    } else if (c == '"') {
      quoted();
    } else if (const auto kind = punctuation(c)) {
      add(*kind, 1);
    } else {
      unknown();
    }
  }

  Token& add(TokenKind kind, std::uint32_t length) {
    tokens_.push_back({kind, {begin_ + at_, length}, 0, starts_line_ || tokens_.empty()});
    starts_line_ = false;
    at_ += length;
    return tokens_.back();
  }

  std::uint32_t name_length() const {
    std::uint32_t length = 1;
    while (is_word(peek(length)) || (peek(length) == '.' && is_word(peek(length + 1)))) ++length;
    return length;
  }

  void number() {
    std::uint32_t length = 1;
    const auto exponent_sign = [&] {
      const char before = peek(length - 1);
      return (peek(length) == '+' || peek(length) == '-') && (before == 'e' || before == 'E') &&
             is_digit(peek(length + 1));
    };
    while (is_word(peek(length)) || (peek(length) == '.' && peek(length + 1) != '.') || exponent_sign()) ++length;
    const std::string_view digits = text_.substr(at_, length);
    double value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = end == digits.data() + digits.size();
    Token& token = add(whole && failure == std::errc() ? TokenKind::number : TokenKind::invalid, length);
    token.number = value;
    if (token.kind == TokenKind::invalid)
      diagnostics_->report(token.at, whole ? "this number is beyond what a double holds" : "this is not a number",
                           "numbers are written 1, 2.5 or 1e-3");
  }

  void quoted() {
    std::uint32_t length = 1;
    while (at_ + length < text_.size() && peek(length) != '"' && peek(length) != '\n') ++length;
    if (peek(length) == '"') {
      add(TokenKind::quoted, length + 1);
      return;
    }
    while (length > 1 && is_space(peek(length - 1))) --length;
    const Token& token = add(TokenKind::invalid, length);
    diagnostics_->report(token.at, "this '\"' is never closed", "the name of a file ends in its line");
  }

  void unknown() {
    // Bytes of one character, and of a run of such characters, are one mistake.
    std::uint32_t length = 1;
    while (at_ + length < text_.size() && (static_cast<unsigned char>(peek(length)) >= 0x80)) ++length;
    const Token& token = add(TokenKind::invalid, length);
    diagnostics_->report(token.at, "this character has no meaning here", "only comments (after '#') may hold any text");
  }

  std::string_view text_;
  std::uint32_t begin_;
  Diagnostics* diagnostics_;
  std::uint32_t at_ = 0;
  bool starts_line_ = true;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> lex(const Source& source, std::uint32_t file, Diagnostics& diagnostics) {
  return Lexer(source, file, diagnostics).run();
}

}  // namespace settle::language
