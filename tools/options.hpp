// Purpose: a command's words as its options and the words between them. Boost.Program_options reads the syntax
// (`--name value`, `--name=value`, `--`); what a value may be is asked for by type. Errors: UsageError naming command
// and option, with the nearest known one. Thread rule: a value type.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "tools/command.hpp"

namespace settle {

class Options {
 public:
  // Reads `arguments` by the options of their command. Errors: unknown or repeated options, arguments that are missing
  // or too many.
  explicit Options(const Arguments& arguments);

  bool has(std::string_view name) const { return given_.contains(name); }
  std::optional<std::string> text(std::string_view name) const;
  std::string required(std::string_view name) const;
  std::optional<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most = INT64_MAX) const;
  // Finite, above 0.
  std::optional<double> positive(std::string_view name) const;
  // Finite, 0 or above.
  std::optional<double> not_negative(std::string_view name) const;
  // The index of the given word in `choices`.
  std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> choices) const;

  const std::vector<std::string>& words() const noexcept { return words_; }
  // The only word, called `what` in errors.
  std::string word(std::string_view what) const;

  // For a mistake that a command finds itself: "settle NAME: ...".
  [[noreturn]] void fail(const std::string& message) const;

 private:
  std::optional<double> real(std::string_view name, bool zero_allowed) const;

  const Command* command_;
  std::map<std::string, std::string, std::less<>> given_;
  std::vector<std::string> words_;
};

}  // namespace settle
