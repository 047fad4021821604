// Purpose: what families have in common: reading and checking their options, and writing lines.
// Caller: graph/families/*.cpp. Errors: BadConfig naming the option and what it may be. Thread rule: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/families/family.hpp"

namespace settle::families {

// activation, output, and readout and mask where the family has no steps.
void check_options(std::string_view family, const FamilyOptions& options, bool has_steps);
// Any function of one argument. `option` is named in errors.
void check_activation(const std::string& option, const std::string& name);

// "a, b c ,d" -> {"a", "b c", "d"}: items without spaces around them, one space between words.
std::vector<std::string> items_of(std::string_view list);
std::vector<std::string> words_of(std::string_view item);
// A whole number from 1 to 2^31 in plain digits, or 0.
std::int64_t count_of(std::string_view word);
// "3x32x32" -> {3, 32, 32}; empty where it is none.
std::vector<std::int64_t> extents_of(std::string_view word);

// "784, 300" and so on, with that separator.
std::string joined(const std::vector<std::int64_t>& numbers, const std::string& separator);
std::string joined(const std::vector<std::string>& parts, const std::string& separator);

// "# mlp 784, 300, 10; tanh", the first line of every text.
std::string heading(std::string_view family, const FamilyOptions& options, const std::string& more);

// For a mistake in the list of layers.
[[noreturn]] void refuse_layers(const FamilyOptions& options, const std::string& message);

}  // namespace settle::families
