// Purpose: the values of one line of [study]: a list, `linear(from, to, count)` or `log(from, to, count)`.
// A comma within parentheses or double quotes separates nothing. Caller: plan.cpp. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

// `place` ("FILE:LINE: NAME") begins the message of an error. Errors: BadConfig for an empty list or item and a range
// that is none. The ends of a range are exact.
std::vector<std::string> study_values(std::string_view text, const std::string& place);

}  // namespace settle
