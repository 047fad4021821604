#include "sim/report/results_block.hpp"

#include <algorithm>

#include "sim/report/markdown.hpp"
#include "sim/report/page_parts.hpp"
#include "sim/report/rules_table.hpp"
#include "sim/report/run_record.hpp"
#include "sim/report/text.hpp"
#include "sim/report/training_curves.hpp"
#include "sim/run_directory.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;
using Lines = std::vector<std::string>;

void add_once(Lines& lines, const std::string& line) {
  if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
}

// Without what only changes how a command talks.
std::string command(Json manifest) {
  Json words = Json::array();
  for (const Json& word : manifest.at("argv"))
    if (word != "--quiet" && word != "--json") words.push_back(without_folders(word.get<std::string>()));
  manifest["argv"] = words;
  return command_text(manifest);
}

// A host's name and the release of its kernel are nobody's business.
std::string machine(const Json& manifest) {
  const Json& versions = manifest.at("versions");
  const Json& host = manifest.at("hosts").at(0);
  const std::string system = host.at("system");
  std::string text = "settle " + json_text(versions.at("settle"));
  for (const char* part : {"build_type", "compiler", "instruction_set"})
    if (versions.contains(part)) text += ", " + json_text(versions.at(part));
  return text + "; " + system.substr(0, system.find(' ')) + " on " + json_text(host.at("processor_architecture")) +
         ", run.threads = " + json_text(manifest.at("config").at("run.threads").at("value"));
}

std::string input_text(const Json& input) {
  constexpr std::size_t kDigits = 12;
  return directory_name(input.at("path").get<std::string>()) + " (sha256 " +
         input.at("sha256").get<std::string>().substr(0, kDigits) + "...)";
}

// What rows of a study may differ in; mostly one line each.
struct Origins {
  Lines commands;
  Lines machines;
  Lines inputs;

  explicit Origins(const StudyRecord& study) {
    for (const StudyRecordRow& row : study.rows) {
      const std::optional<Json> manifest = read_run_manifest(study.directory / row.run);
      if (!manifest) continue;
      add_once(commands, command(*manifest));
      add_once(machines, machine(*manifest));
      for (const Json& input : manifest->at("inputs")) add_once(inputs, input_text(input));
    }
  }

  std::string text() const {
    std::string text;
    for (const std::string& each : commands) text += markdown_verbatim(each);
    if (!machines.empty()) text += "\nRan on: " + markdown_text(joined(machines, "; ")) + ".";
    if (!inputs.empty()) text += " Data: " + markdown_text(joined(inputs, ", ")) + ".";
    return text + "\n";
  }
};

bool draws_characters(const Json& manifest) {
  const Json& config = manifest.at("config");
  const auto is = [&](const char* key, const char* value) {
    return config.value(key, Json::object()).value("value", "") == value;
  };
  return is("data.dataset", "text") && is("graph.output", "categorical");
}

std::string sampled(const StudyRecord& study, const SampleText& sample) {
  const auto done = std::find_if(study.rows.rbegin(), study.rows.rend(),
                                 [](const StudyRecordRow& row) { return row.state == StudyRecordRow::State::ok; });
  if (!sample || done == study.rows.rend()) return "";
  const std::filesystem::path run = study.directory / done->run;
  const std::optional<Json> manifest = read_run_manifest(run);
  if (!manifest || !draws_characters(*manifest)) return "";
  const std::string rule = manifest->at("config").at("rule.name").at("value");
  return "\nText drawn from the model that rule " + markdown_text(rule) + " has trained:\n\n" +
         markdown_verbatim(sample(run));
}

}  // namespace

std::string without_folders(std::string_view word) {
  constexpr std::string_view kEnds = " ,;\"'";
  std::string text;
  while (!word.empty()) {
    const bool begins = text.empty() || text.back() == '=' || kEnds.find(text.back()) != std::string_view::npos;
    const std::size_t end = word.front() == '/' && begins ? std::min(word.find_first_of(kEnds), word.size()) : 1;
    text += end > 1 ? directory_name(word.substr(0, end)) : std::string(word.substr(0, 1));
    word.remove_prefix(end);
  }
  return text;
}

ResultsBlock results_block(const std::filesystem::path& directory, const Json& manifest, const SampleText& sample) {
  const StudyRecord study = compared(record_of(directory, manifest));
  const std::vector<StudyGroup> groups = groups_of(study);
  ResultsBlock block{directory_name(directory), Origins(study).text(), {}};
  if (const std::string states = states_text(study); !states.empty()) block.text += "\n" + markdown_text(states) + "\n";
  block.text += "\n" + markdown_table(rules_table(study, groups));
  block.text += sampled(study, sample);
  block.plots = training_curves(study, groups, block.name);
  return block;
}

}  // namespace settle
