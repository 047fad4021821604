#include "sim/report/run_report.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/read_file.hpp"
#include "sim/report/asynchrony_figures.hpp"
#include "sim/report/figure_sheet.hpp"
#include "sim/report/run_figures.hpp"
#include "sim/report/text.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

std::string cell(const Json& json) {
  if (json.is_null()) return "-";
  if (json.is_string()) return json.get<std::string>();
  return json.is_number_float() ? short_text(json.get<double>()) : json.dump();
}

Table result_table(const Json& result) {
  Table table{{"result", "value"}, {}};
  for (const auto& [name, value] : result.items())
    if (name != "schema") table.rows.push_back({name, cell(value)});
  return table;
}

Table epoch_table(const RunMetrics& metrics) {
  const auto percent = [](const std::optional<double>& share) { return share ? short_text(100 * *share) + " %" : "-"; };
  Table table{{"epoch", "trial", "train loss", "train accuracy", "held-out", "loss", "accuracy"}, {}};
  for (const EpochRow& row : metrics.epochs) {
    const bool held_out = !row.held_out.empty();
    table.rows.push_back({std::to_string(row.epoch), std::to_string(row.trial), short_text(row.train_loss),
                          percent(row.train_accuracy), held_out ? row.held_out : "-",
                          held_out ? short_text(row.held_out_loss) : "-", percent(row.held_out_accuracy)});
  }
  return table;
}

Table fidelity_table(const FidelityRow& row) {
  Table table{{"vertex", "received", "closed form", "gradient error", "cosine"}, {}};
  for (const FidelityEntry& entry : row.vertices)
    table.rows.push_back({entry.vertex, short_text(100 * entry.received) + " %",
                          entry.predicted ? short_text(100 * *entry.predicted) + " %" : "-",
                          short_text(entry.relative_error), short_text(entry.cosine)});
  return table;
}

Table virtual_time_table(const RunMetrics& metrics) {
  Table table{{"trial"}, {}};
  for (const NamedNumber& total : metrics.staleness.back().totals) table.head.push_back(total.name);
  for (const StalenessRow& row : metrics.staleness) {
    table.rows.push_back({std::to_string(row.trial)});
    for (const NamedNumber& total : row.totals) table.rows.back().push_back(short_text(total.number));
  }
  return table;
}

std::string status(const std::optional<Json>& result, const RunMetrics& metrics) {
  if (metrics.diverged)
    return "Diverged in trial " + std::to_string(metrics.diverged->trial) + ": vertex '" + metrics.diverged->vertex +
           "' is not finite, or ran away.";
  if (result) return "";
  const std::uint64_t last = metrics.train.empty() ? 0 : metrics.train.back().trial;
  return "This run is not finished: what follows reaches to trial " + std::to_string(last) +
         ". The same `settle run` goes on; `settle report` makes this page again.";
}

std::string lead(const std::optional<Json>& result, const Json& manifest) {
  std::string text;
  if (result) {
    for (const std::string name : {"test_loss", "test_accuracy"})
      if (const auto found = result->find(name); found != result->end() && found->is_number())
        text += (name == "test_loss" ? "test loss " + short_text(found->get<double>())
                                     : "accuracy " + short_text(100 * found->get<double>()) + " %") +
                ", ";
    text += "after " + cell(result->at("trials")) + " trials of rule " + cell(result->at("rule")) + ". ";
  }
  text += "Asked for by:";
  for (const Json& word : manifest.at("argv")) text += " " + word.get<std::string>();
  return text;
}

void add_manifest(HtmlPage& page, const Json& manifest) {
  Table inputs{{"input", "sha256"}, {}};
  for (const Json& input : manifest.at("inputs"))
    inputs.rows.push_back({cell(input.at("path")), cell(input.at("sha256"))});
  if (!inputs.rows.empty()) page.table(inputs);
  Table versions{{"program", "version"}, {}};
  for (const auto& [name, version] : manifest.at("versions").items()) versions.rows.push_back({name, cell(version)});
  page.folded_table("Versions", versions);
  Table config{{"key", "value", "from"}, {}};
  for (const auto& [key, entry] : manifest.at("config").items())
    config.rows.push_back({key, cell(entry.at("value")), cell(entry.at("origin"))});
  page.folded_table("Every key of the config", config);
}

Json read_manifest(const std::filesystem::path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(directory, unknown))
    throw MissingInput(directory.string() + ": there is no such directory; give that of a run (runs/fashion_mlp)");
  std::optional<Json> manifest = read_run_manifest(directory);
  if (!manifest)
    throw BadData(directory.string() +
                  ": is no run's directory: it has no manifest.json; give that of a run "
                  "(runs/fashion_mlp)");
  refuse_study(*manifest, (directory / "manifest.json").string());
  return std::move(*manifest);
}

HtmlPage page_of(const std::filesystem::path& directory, const Json& manifest, const std::optional<Json>& result) {
  const std::filesystem::path whole = std::filesystem::absolute(directory).lexically_normal();
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  return {"Run " + name, lead(result, manifest)};
}

ReportOutcome write_pages(const std::filesystem::path& directory, const Json& manifest) {
  const std::optional<Json> result = read_run_result(directory);
  std::error_code unknown;
  const std::filesystem::path file = directory / "metrics.jsonl";
  const RunMetrics metrics = std::filesystem::exists(file, unknown) ? read_metrics(file) : RunMetrics{};
  HtmlPage page = page_of(directory, manifest, result);
  FigureSheet sheet(directory, page);

  page.section("Result");
  if (const std::string text = status(result, metrics); !text.empty()) page.notice(text);
  if (result) page.table(result_table(*result));
  page.section("Learning");
  for (const Plot& plot : learning_figures(metrics)) sheet.add(plot);
  if (metrics.train.empty()) page.paragraph("No trial has been recorded yet.");
  if (!metrics.epochs.empty()) page.folded_table("Epochs", epoch_table(metrics));
  page.section("Vertices");
  std::vector<Plot> of_vertices = vertex_figures(metrics);
  std::ranges::move(asynchrony_figures(metrics), std::back_inserter(of_vertices));
  for (const Plot& plot : of_vertices) sheet.add(plot);
  if (!metrics.fidelity.empty())
    page.folded_table("Gradient fidelity in trial " + std::to_string(metrics.fidelity.back().trial),
                      fidelity_table(metrics.fidelity.back()));
  if (!metrics.staleness.empty() && !metrics.staleness.back().totals.empty())
    page.folded_table("Virtual time in trials that were probed", virtual_time_table(metrics));
  if (of_vertices.empty())
    page.paragraph(
        "Nothing was recorded of single vertices: --probe.fidelity=N, --probe.energy=N, --probe.staleness=N and "
        "--probe.vertices=N do, every N trials.");
  page.section("Manifest");
  add_manifest(page, manifest);
  page.links({"manifest.json", "metrics.jsonl"});
  return sheet.finish();
}

}  // namespace

ReportOutcome write_run_report(const std::filesystem::path& run_directory) {
  const Json manifest = read_manifest(run_directory);
  try {
    return write_pages(run_directory, manifest);
  } catch (const Json::exception& error) {
    throw BadData(run_directory.string() + ": manifest.json or result.json is not what a run writes: " + error.what());
  }
}

}  // namespace settle
