#include "tools/options.hpp"

#include <boost/make_shared.hpp>
#include <boost/program_options.hpp>
#include <cmath>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "sim/config/key_types.hpp"

namespace settle {
namespace {

namespace po = boost::program_options;

// Only what the table says: "--cas" is not "--case".
constexpr int kStyle = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

po::parsed_options parse(const Command& command, const std::vector<std::string>& words) {
  po::options_description known;
  for (const Option& option : command.options) {
    const std::string name(option.name);
    if (option.argument.empty())
      known.add_options()(name.c_str(), "");
    else
      known.add_options()(name.c_str(), po::value<std::string>());
  }
  return po::command_line_parser(words).options(known).style(kStyle).allow_unregistered().run();
}

// A leading word of what the user wrote, without dashes and "=value".
std::string bare(const std::string& word) {
  const std::size_t start = std::min(word.find_first_not_of('-'), word.size());
  return word.substr(start, word.find('=') - start);
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  return text;
}

}  // namespace

void Options::fail(const std::string& message) const {
  const std::string name(command_->name);
  throw UsageError(name + ": " + message + " (settle help " + name + ")");
}

Options::Options(const Arguments& arguments) : command_(arguments.command) {
  try {
    const po::parsed_options parsed = parse(*command_, arguments.words);
    for (const po::option& option : parsed.options) {
      if (option.unregistered) {
        std::vector<std::string> names;
        for (const Option& known : command_->options) names.emplace_back(known.name);
        const auto nearest = nearest_word(bare(option.original_tokens.front()), names);
        fail("there is no option '" + option.original_tokens.front() + "'" +
             (nearest ? ", did you mean --" + *nearest + "?" : ""));
      } else if (option.position_key >= 0) {
        words_.push_back(option.value.front());
      } else if (!given_.emplace(option.string_key, option.value.empty() ? "" : option.value.front()).second) {
        fail("--" + option.string_key + " is given twice; which one counts?");
      }
    }
  } catch (const po::error& error) {
    fail(error.what());
  }
}

std::optional<std::string> Options::text(std::string_view name) const {
  const auto found = given_.find(name);
  return found == given_.end() ? std::nullopt : std::optional(found->second);
}

std::string Options::required(std::string_view name) const {
  const auto given = text(name);
  if (!given) fail("--" + std::string(name) + " is missing");
  return *given;
}

std::optional<std::int64_t> Options::whole(std::string_view name, std::int64_t least, std::int64_t most) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto number = key_types::number_of<std::int64_t>(*given);
  if (!number || *number < least || *number > most)
    fail("--" + std::string(name) + " " + *given + ": it takes a whole number from " + std::to_string(least) +
         (most == INT64_MAX ? " up" : " to " + std::to_string(most)));
  return number;
}

std::optional<double> Options::real(std::string_view name, bool zero_allowed) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  const auto number = key_types::number_of<double>(*given);
  if (!number || !std::isfinite(*number) || *number < 0 || (*number == 0 && !zero_allowed))
    fail("--" + std::string(name) + " " + *given + ": it takes a number " +
         (zero_allowed ? "that is not negative" : "above 0"));
  return number;
}

std::optional<double> Options::positive(std::string_view name) const { return real(name, false); }

std::optional<double> Options::not_negative(std::string_view name) const { return real(name, true); }

std::optional<std::size_t> Options::choice(std::string_view name, std::span<const std::string_view> choices) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (choices[i] == *given) return i;
  const std::vector<std::string> names(choices.begin(), choices.end());
  const auto nearest = nearest_word(*given, names);
  fail("--" + std::string(name) + " " + *given + ": it takes " + listed(choices) +
       (nearest ? ", did you mean " + *nearest + "?" : ""));
}

std::string Options::word(std::string_view what) const {
  if (words_.empty()) fail(std::string(what) + " is missing");
  if (words_.size() > 1) fail("'" + words_[1] + "' is one word too many: it takes one " + std::string(what));
  return words_.front();
}

}  // namespace settle
