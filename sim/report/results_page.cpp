#include "sim/report/results_page.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/read_file.hpp"
#include "sim/report/gnuplot.hpp"
#include "sim/report/markdown.hpp"
#include "sim/report/marked_text.hpp"
#include "sim/report/page_parts.hpp"

namespace settle {
namespace {

constexpr const char* kFolder = "curves";

std::vector<ResultsBlock> read_blocks(std::span<const std::filesystem::path> directories, const SampleText& sample) {
  std::vector<ResultsBlock> blocks;
  for (const std::filesystem::path& directory : directories) {
    blocks.push_back(with_manifest(
        directory, [&](const nlohmann::json& manifest) { return results_block(directory, manifest, sample); }));
    if (std::ranges::count(blocks, blocks.back().name, &ResultsBlock::name) > 1)
      throw BadData(directory.string() + ": is the second directory of the name '" + blocks.back().name +
                    "'; a page has one part for it: give one of them");
  }
  return blocks;
}

void check_pairs(const std::string& page, const std::vector<MarkedPart>& parts,
                 const std::vector<ResultsBlock>& blocks) {
  for (const MarkedPart& part : parts)
    if (std::ranges::find(blocks, part.name, &ResultsBlock::name) == blocks.end())
      throw BadData(page + ":" + std::to_string(part.line) + ": begins '" + part.name +
                    "', and no directory of that name is given; give it too, or take the marks out");
  for (const ResultsBlock& block : blocks)
    if (std::ranges::find(parts, block.name, &MarkedPart::name) == parts.end())
      throw BadData(page + ": has no place for '" + block.name + "'; put the lines <!-- begin " + block.name +
                    " --> and <!-- end " + block.name + " --> where it is to stand");
}

std::string drawn(const ResultsBlock& block, const std::filesystem::path& folder, ReportOutcome& outcome) {
  std::string text;
  for (const Plot& plot : block.plots) {
    const Drawing drawing = draw(plot, folder);
    ++outcome.figures;
    if (drawing.problem.empty()) {
      ++outcome.drawn;
      text += "\n" + markdown_picture(plot, std::string(kFolder) + "/" + plot.name + ".svg");
    } else if (outcome.problem.empty()) {
      outcome.problem = drawing.problem;
    }
  }
  return text;
}

}  // namespace

ReportOutcome write_results_page(const std::filesystem::path& page, std::span<const std::filesystem::path> directories,
                                 const SampleText& sample) {
  const std::string text = read_text(page, "--page names a Markdown file that is there");
  const std::vector<MarkedPart> parts = marked_parts(text, page.string());
  const std::vector<ResultsBlock> blocks = read_blocks(directories, sample);
  check_pairs(page.string(), parts, blocks);

  const std::filesystem::path folder = page.parent_path() / kFolder;
  FileSystem::system().make_directory(folder);
  ReportOutcome outcome{page, 0, 0, {}};
  std::map<std::string, std::string> contents;
  for (const ResultsBlock& block : blocks)
    contents[block.name] = "\n" + block.text + drawn(block, folder, outcome) + "\n";
  write_file_atomically(page, with_contents(text, parts, contents));
  return outcome;
}

}  // namespace settle
