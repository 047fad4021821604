#include "sim/npy_header.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxRank = 32;  // numpy's own limit

struct TypeCode {
  std::string_view code;
  NpyType type;
};
constexpr TypeCode kTypeCodes[] = {{"b1", NpyType::b1}, {"i1", NpyType::i1}, {"u1", NpyType::u1}, {"i2", NpyType::i2},
                                   {"u2", NpyType::u2}, {"i4", NpyType::i4}, {"u4", NpyType::u4}, {"i8", NpyType::i8},
                                   {"u8", NpyType::u8}, {"f4", NpyType::f4}, {"f8", NpyType::f8}};

// A reader of the one Python literal that numpy writes: a dict of a string, a bool and a tuple of integers.
class Literal {
 public:
  Literal(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  [[noreturn]] void fail(const std::string& what) const { throw BadData(name_ + ": bad .npy header: " + what); }
  bool accept(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("'") + wanted + "' is missing");
  }
  std::string_view string() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"' && !accept('"')) fail("a quoted word is missing");
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("a quoted word does not end");
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end + 1;
    return word;
  }
  bool boolean() {
    skip_space();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return value;
    }
    fail("fortran_order is neither True nor False");
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> extents;
    expect('(');
    while (!accept(')')) {
      if (extents.size() == kMaxRank) fail("more than 32 axes");
      extents.push_back(extent());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return extents;
  }
  void expect_end() {
    skip_space();
    if (at_ != text_.size()) fail("text after the closing brace");
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  std::int64_t extent() {
    skip_space();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) fail("shape holds something that is no whole number of 64 bits");
    if (value < 0) fail("shape holds the negative extent " + std::to_string(value));
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

void read_type(Literal& literal, NpyHeader& header) {
  if (literal.accept('[')) literal.fail("structured arrays are not supported, save one plain array");
  const std::string_view descr = literal.string();
  const auto known =
      std::ranges::find(kTypeCodes, descr.substr(std::min<std::size_t>(1, descr.size())), &TypeCode::code);
  if (known == std::end(kTypeCodes) || std::string_view("<>|=").find(descr[0]) == std::string_view::npos)
    literal.fail("type '" + std::string(descr.substr(0, 40)) +
                 "' is not supported, convert to bool, an integer type, float32 or float64");
  header.type = known->type;
  header.big_endian = descr[0] == '>';
}

void read_dictionary(Literal& literal, NpyHeader& header) {
  bool seen_type = false, seen_order = false, seen_shape = false;
  literal.expect('{');
  while (!literal.accept('}')) {
    const std::string_view key = literal.string();
    literal.expect(':');
    if (key == "descr" && !seen_type) {
      read_type(literal, header);
      seen_type = true;
    } else if (key == "fortran_order" && !seen_order) {
      header.fortran_order = literal.boolean();
      seen_order = true;
    } else if (key == "shape" && !seen_shape) {
      header.shape = literal.tuple();
      seen_shape = true;
    } else {
      literal.fail("unexpected key '" + std::string(key.substr(0, 40)) + "'");
    }
    if (!literal.accept(',')) {
      literal.expect('}');
      break;
    }
  }
  literal.expect_end();
  if (!seen_type || !seen_order || !seen_shape) literal.fail("descr, fortran_order or shape is missing");
}

// Empty where the product does not fit.
std::optional<std::size_t> bytes_of(const NpyHeader& header) {
  if (std::ranges::find(header.shape, 0) != header.shape.end()) return 0;
  std::size_t total = size_of(header.type);
  for (const std::int64_t extent : header.shape)
    if (__builtin_mul_overflow(total, static_cast<std::size_t>(extent), &total)) return std::nullopt;
  return total;
}

}  // namespace

NpyHeader parse_npy_header(std::span<const std::byte> file, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(text[at])); };
  if (!text.starts_with(kMagic)) throw BadData(name + ": no .npy file (it does not start with \\x93NUMPY)");
  if (text.size() < 10) throw BadData(name + ": cut off in its .npy header");
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    throw BadData(name + ": .npy format " + std::to_string(version) + " is not supported (1, 2 and 3 are)");
  const std::size_t prefix = version == 1 ? 10 : 12;
  if (text.size() < prefix) throw BadData(name + ": cut off in its .npy header");
  std::size_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > text.size() - prefix) throw BadData(name + ": cut off in its .npy header");

  NpyHeader header;
  Literal literal(text.substr(prefix, length), name);
  read_dictionary(literal, header);
  header.payload_offset = prefix + length;
  const std::size_t there = text.size() - header.payload_offset;
  const std::optional<std::size_t> asked = bytes_of(header);
  if (asked != there)
    throw BadData(name + ": its shape and type ask for " + (asked ? std::to_string(*asked) : "more than 2^64") +
                  " bytes of elements, " + std::to_string(there) + " are there");
  header.payload_bytes = there;
  return header;
}

}  // namespace settle
