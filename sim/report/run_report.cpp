#include "sim/report/run_report.hpp"

#include "sim/read_file.hpp"
#include "sim/report/asynchrony_figures.hpp"
#include "sim/report/figure_sheet.hpp"
#include "sim/report/page_parts.hpp"
#include "sim/report/run_figures.hpp"
#include "sim/report/run_traces.hpp"
#include "sim/report/text.hpp"
#include "sim/run_directory.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

Table result_table(const Json& result) {
  Table table{{"result", "value"}, {}};
  for (const auto& [name, value] : result.items())
    if (name != "schema") table.rows.push_back({name, json_text(value)});
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
    text += "after " + json_text(result->at("trials")) + " trials of rule " + json_text(result->at("rule")) + ". ";
  }
  return text + "Asked for by: " + command_text(manifest);
}

void add_manifest(HtmlPage& page, const Json& manifest) {
  add_inputs_and_versions(page, manifest);
  Table config{{"key", "value", "from"}, {}};
  for (const auto& [key, entry] : manifest.at("config").items())
    config.rows.push_back({key, json_text(entry.at("value")), json_text(entry.at("origin"))});
  page.folded_table("Every key of the config", config);
}

void add_traces(HtmlPage& page, FigureSheet& sheet, const std::filesystem::path& directory, const Json& manifest) {
  const bool over_ticks = manifest.at("config").at("relax.pacing").at("value").get<std::string>() == "asynchronous";
  const std::vector<Plot> figures = trace_figures(directory, over_ticks);
  if (figures.empty()) return;
  page.section("Relaxation");
  for (const Plot& plot : figures) sheet.add(plot);
}

}  // namespace

ReportOutcome write_run_report(const std::filesystem::path& directory, const Json& manifest) {
  const std::optional<Json> result = read_run_result(directory);
  std::error_code unknown;
  const std::filesystem::path file = directory / "metrics.jsonl";
  const RunMetrics metrics = std::filesystem::exists(file, unknown) ? read_metrics(file) : RunMetrics{};
  HtmlPage page("Run " + directory_name(directory), lead(result, manifest));
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
  add_traces(page, sheet, directory, manifest);
  page.section("Manifest");
  add_manifest(page, manifest);
  page.links({"manifest.json", "metrics.jsonl"});
  return sheet.finish();
}

}  // namespace settle
