// Purpose: `settle graph --hosts N`: where vertices would be, what each host would compute and what would travel.
// Thread rule: pure.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "actors/placement.hpp"
#include "tools/options.hpp"

namespace settle {

struct PlacementReport {
  Placement placement;
  PlacementCost cost;
};

// By the options hosts and pin; nothing without --hosts. Errors: UsageError, and those of `place`.
std::optional<PlacementReport> placement_report(const Options& options, const Graph& graph, std::size_t scalar_bytes);

std::string to_text(const PlacementReport& report);
nlohmann::json to_json(const PlacementReport& report, const Graph& graph);

}  // namespace settle
