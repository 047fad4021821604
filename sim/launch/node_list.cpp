#include "sim/launch/node_list.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/hosts.hpp"

namespace settle {
namespace {

constexpr std::size_t kMostDigits = 18;    // fits an integer, with room to add
constexpr std::size_t kLongestName = 255;  // as the system has it for the name of a machine

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Reads a text from its front, and knows the place.
class Cursor {
 public:
  Cursor(std::string_view text, const char* what) : text_(text), what_(what) {}

  bool at_end() const { return at_ == text_.size(); }
  bool at_any(std::string_view characters) const {
    return !at_end() && characters.find(text_[at_]) != std::string_view::npos;
  }
  bool take(char character) {
    if (!at_any({&character, 1})) return false;
    ++at_;
    return true;
  }
  void expect(char character) {
    if (!take(character)) fail("expected '" + std::string(1, character) + "'");
  }
  std::string_view until(std::string_view ends) {
    const std::size_t begin = at_;
    while (!at_end() && !at_any(ends)) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view digits() {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    if (at_ == begin) fail("expected a number");
    return text_.substr(begin, at_ - begin);
  }
  std::uint64_t number_in(std::string_view digits) const {
    const auto number = key_types::number_of<std::uint64_t>(digits);
    if (!number || digits.size() > kMostDigits) fail("too long a number");
    return *number;
  }
  void allow(std::uint64_t count) const {
    if (count > kMostHosts) fail("more than " + std::to_string(kMostHosts) + " machines");
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw BadData(std::string(what_) + " '" + std::string(text_) + "', character " + std::to_string(at_ + 1) + ": " +
                  why);
  }

 private:
  std::string_view text_;
  const char* what_;
  std::size_t at_ = 0;
};

std::string padded(std::uint64_t number, std::size_t width) {
  std::ostringstream text;
  text << std::setfill('0') << std::setw(static_cast<int>(width)) << number;
  return text.str();
}

// The numbers between the brackets, as they are written in names.
std::vector<std::string> read_brackets(Cursor& text) {
  std::vector<std::string> numbers;
  do {
    const std::string_view first = text.digits();
    const std::uint64_t begin = text.number_in(first);
    const std::uint64_t end = text.take('-') ? text.number_in(text.digits()) : begin;
    if (end < begin) text.fail("a range that runs backwards");
    text.allow(numbers.size() + (end - begin) + 1);
    for (std::uint64_t number = begin; number <= end; ++number) numbers.push_back(padded(number, first.size()));
  } while (text.take(','));
  text.expect(']');
  return numbers;
}

void append_to_each(std::vector<std::string>& names, const std::vector<std::string>& ends) {
  std::vector<std::string> longer;
  longer.reserve(names.size() * ends.size());
  for (const std::string& name : names)
    for (const std::string& end : ends) longer.push_back(name + end);
  names = std::move(longer);
}

std::vector<std::string> read_names(Cursor& text) {
  if (text.at_end() || text.at_any(",")) text.fail("expected a name");
  std::vector<std::string> names = {""};
  while (!text.at_end() && !text.at_any(",")) {
    const std::string_view part = text.until(",[]");
    if (names.front().size() + part.size() > kLongestName) text.fail("too long a name");
    append_to_each(names, {std::string(part)});
    if (!text.take('[')) {
      if (text.at_any("]")) text.fail("a bracket that none opens");
      continue;
    }
    const std::vector<std::string> numbers = read_brackets(text);
    text.allow(names.size() * numbers.size());
    append_to_each(names, numbers);
  }
  return names;
}

}  // namespace

std::vector<std::string> read_node_list(std::string_view text) {
  Cursor cursor(text, "node list");
  std::vector<std::string> names;
  do {
    const std::vector<std::string> more = read_names(cursor);
    cursor.allow(names.size() + more.size());
    names.insert(names.end(), more.begin(), more.end());
  } while (cursor.take(','));
  return names;
}

std::vector<std::size_t> read_tasks_per_node(std::string_view text) {
  Cursor cursor(text, "tasks per node");
  std::vector<std::size_t> counts;
  do {
    const std::uint64_t tasks = cursor.number_in(cursor.digits());
    cursor.allow(tasks);
    std::uint64_t nodes = 1;
    if (cursor.take('(')) {
      cursor.expect('x');
      nodes = cursor.number_in(cursor.digits());
      cursor.expect(')');
    }
    cursor.allow(nodes);
    cursor.allow(counts.size() + nodes);
    counts.insert(counts.end(), nodes, tasks);
  } while (cursor.take(','));
  if (!cursor.at_end()) cursor.fail("expected ','");
  return counts;
}

std::vector<std::string> nodes_of_ranks(const Environment& environment) {
  const Rank rank = detect_rank(environment);
  const auto list = environment("SLURM_STEP_NODELIST");
  const auto tasks = environment("SLURM_STEP_TASKS_PER_NODE");
  // Set only where the user asked for one; what may follow "block" deals out cores within a node.
  const std::string distribution = environment("SLURM_DISTRIBUTION").value_or("block");
  if (!rank.job.starts_with("slurm-") || !list || !tasks || !distribution.starts_with("block")) return {};
  try {
    const std::vector<std::string> nodes = read_node_list(*list);
    const std::vector<std::size_t> counts = read_tasks_per_node(*tasks);
    std::vector<std::string> by_rank;
    for (std::size_t node = 0; node < std::min(nodes.size(), counts.size()); ++node)
      by_rank.insert(by_rank.end(), std::min<std::size_t>(counts[node], rank.hosts), nodes[node]);
    return by_rank.size() == rank.hosts ? by_rank : std::vector<std::string>();
  } catch (const BadData&) {
    return {};
  }
}

}  // namespace settle
