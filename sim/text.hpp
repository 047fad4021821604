// Purpose: the pieces of what a line of text says, a number in one, and a field of a CSV file. Callers: configs,
// studies, reports, and what people are told of a run. Thread rule: pure; views view the text that is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

std::string_view trimmed(std::string_view text);

// The parts between separators that stand outside of parentheses and of double quotes, trimmed. Nothing has one part,
// which is empty.
std::vector<std::string_view> split(std::string_view text, char separator);

// As printf writes it. Requires: a pattern of one double, and at most 63 characters that come of it.
std::string formatted(const char* pattern, double number);

// As a field of a CSV file (RFC 4180): in quotes where it has to be, and on one line.
std::string csv_field(std::string_view text);
// The fields of one line of such a file.
std::vector<std::string> csv_cells(std::string_view line);

}  // namespace settle
