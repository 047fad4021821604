// Purpose: texts, commands and tables of a report in Markdown (GitHub's, for its tables). What comes in is text and is
// escaped here. Caller: the results page. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/html.hpp"

namespace settle {

// On one line.
std::string markdown_text(std::string_view text);
// Commands, verse: lines as they are.
std::string markdown_verbatim(std::string_view text);
// Links are left out: they lead to files that are not beside a Markdown page.
std::string markdown_table(const Table& table);
// `file`: of the picture, relative to the page.
std::string markdown_picture(const Plot& plot, const std::string& file);

}  // namespace settle
