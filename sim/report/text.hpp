// Purpose: numbers and names as a report's texts and files hold them. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

// The shortest text that reads back as the same number; "nan" for one that is not finite, which gnuplot leaves out.
std::string exact_text(double value);
// To four digits, for people: "0.3212", "1.234e-05".
std::string short_text(double value);
// A mean and half the width of its interval, to two digits of the latter: "87.32 ± 0.41". Without a width, as
// short_text.
std::string interval_text(double mean, double half_width);
// At most `most` characters, cut off with an ellipsis in the middle: both ends of a name tell vertices apart.
std::string abbreviated(std::string_view name, std::size_t most);
std::string joined(const std::vector<std::string>& words, std::string_view between);
// As the name of a picture's files: lower-case letters, digits and underscores.
std::string picture_name(std::string_view text);
// Names that stand together, each at most so long: of long ones whole words that all begin
// or end with become an ellipsis.
std::vector<std::string> told_apart(const std::vector<std::string>& names, std::size_t most);

}  // namespace settle
