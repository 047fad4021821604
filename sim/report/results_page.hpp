// Purpose: a Markdown page of results whose numbers come from the directories of studies and runs: what stands between
// `<!-- begin NAME -->` and `<!-- end NAME -->` is written anew from the directory NAME, all else stays as it is.
// Pictures go to `curves/` beside the page, each with its data and gnuplot script. The same directories make the same
// bytes. Without gnuplot the page comes without pictures.
// Caller: `settle report --page`. Thread rule: one caller a page.
// Errors, before anything is written: MissingInput where page or directory is not there; BadData for marks that do not
// pair (FILE:LINE), a mark without a directory, a directory without a mark, two of one name, and a file of a directory
// that cannot be understood; what `sample` throws. CannotCreate, CannotWrite.
#pragma once

#include <span>

#include "sim/report/report.hpp"
#include "sim/report/results_block.hpp"

namespace settle {

ReportOutcome write_results_page(const std::filesystem::path& page, std::span<const std::filesystem::path> directories,
                                 const SampleText& sample = {});

}  // namespace settle
