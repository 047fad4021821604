#include "sim/report/metrics.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

double number(const Json& json) { return json.is_null() ? NAN : json.get<double>(); }

std::optional<double> number_or_none(const Json& row, const std::string& key) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) return std::nullopt;
  return found->get<double>();
}

EpochRow epoch_row(const Json& row, std::uint64_t trial) {
  EpochRow result{trial, row.at("epoch"), number(row.at("train_loss")), number_or_none(row, "train_accuracy"), "", 0,
                  {}};
  for (const std::string name : {"validation", "test"})
    if (row.contains(name + "_loss")) {
      result.held_out = name;
      result.held_out_loss = number(row.at(name + "_loss"));
      result.held_out_accuracy = number_or_none(row, name + "_accuracy");
    }
  return result;
}

FidelityRow fidelity_row(const Json& row, std::uint64_t trial) {
  FidelityRow result{trial, {}};
  for (const Json& entry : row.at("vertices"))
    result.vertices.push_back({entry.at("vertex"), number(entry.at("received")), number(entry.at("relative_error")),
                               number(entry.at("cosine")), number_or_none(entry, "predicted")});
  return result;
}

EnergyRow energy_row(const Json& row, std::uint64_t trial) {
  EnergyRow result{trial, {}};
  for (const Json& entry : row.at("vertices"))
    result.vertices.push_back({entry.at("vertex"), number(entry.at("energy"))});
  return result;
}

StalenessRow staleness_row(const Json& row, std::uint64_t trial) {
  StalenessRow result{trial, row.at("slot_ages"), {}, {}};
  const auto found = row.find("virtual_time");
  if (found == row.end()) return result;
  result.tick_ages = found->value("slot_ages_ticks", std::vector<double>());
  for (const auto& [name, value] : found->items())
    if (value.is_number()) result.totals.push_back({name, value});
  return result;
}

VertexCountsRow counts_row(const Json& row, std::uint64_t trial) {
  VertexCountsRow result{trial, {}};
  for (const Json& entry : row.at("vertices"))
    result.vertices.push_back({entry.at("vertex"), number(entry.at("acts")), number(entry.at("messages"))});
  return result;
}

void add_row(const Json& row, RunMetrics& metrics) {
  const std::string kind = row.at("kind");
  const std::uint64_t trial = row.value("trial", std::uint64_t{0});
  if (kind == "train")
    metrics.train.push_back({trial, number(row.at("loss")), number(row.at("free_energy")), number(row.at("messages")),
                             number(row.at("acts"))});
  else if (kind == "epoch")
    metrics.epochs.push_back(epoch_row(row, trial));
  else if (kind == "fidelity")
    metrics.fidelity.push_back(fidelity_row(row, trial));
  else if (kind == "energy")
    metrics.energy.push_back(energy_row(row, trial));
  else if (kind == "staleness")
    metrics.staleness.push_back(staleness_row(row, trial));
  else if (kind == "vertices")
    metrics.counts.push_back(counts_row(row, trial));
  else if (kind == "diverged")
    metrics.diverged = Divergence{trial, row.at("vertex")};
}

}  // namespace

RunMetrics read_metrics(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  RunMetrics metrics;
  std::size_t line = 1;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1, ++line) {
    try {
      add_row(Json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                          text.begin() + static_cast<std::ptrdiff_t>(end)),
              metrics);
    } catch (const Json::exception& error) {
      throw BadData(file.string() + ":" + std::to_string(line) + ": no row of metrics: " + error.what() +
                    "; take the line out, or run again");
    }
  }
  return metrics;
}

}  // namespace settle
