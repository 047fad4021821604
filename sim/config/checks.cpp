#include "sim/config/checks.hpp"

#include <string>

#include "graph/error.hpp"
#include "sim/config/keys.hpp"
#include "sim/datasets/list.hpp"
#include "sim/datasets/table_format.hpp"
#include "sim/hosts.hpp"
#include "sim/model.hpp"
#include "sim/virtual/link.hpp"

namespace settle {

void check_together(const RunConfig& config, bool needs_data, ConfigMistakes& mistakes) {
  const auto wrong = [&](const std::string& message) {
    mistakes.add(ExitCode::bad_config, config.config_file.string() + ": " + message);
  };
  const GraphConfig& graph = config.graph;
  if (graph.file.empty() && graph.family.empty()) wrong("no model: give graph.file, or graph.family and graph.layers");
  if (!graph.file.empty() && !graph.family.empty()) wrong("two models: give graph.file or graph.family, not both");
  if (!graph.family.empty() && graph.layers.empty())
    wrong("graph.layers is missing: " + find_config_key("graph.layers")->allowed);
  if (!graph.family.empty() && !graph.layers.empty()) {
    try {
      static_cast<void>(model_text(graph));
    } catch (const BadConfig& error) {
      wrong("graph." + std::string(error.what()));
    }
  }

  for (const auto read :
       {+[](const RunConfig& all) { static_cast<void>(read_links(all.network.links)); },
        +[](const RunConfig& all) { static_cast<void>(read_hosts(all.network.hosts, "network.hosts")); },
        +[](const RunConfig& all) { static_cast<void>(read_hosts(all.placement.pin, "placement.pin")); }}) {
    try {
      read(config);
    } catch (const BadConfig& error) {
      wrong(error.what());
    }
  }

  if (config.run.executor != RunSectionConfig::Executor::virtual_time)
    for (const ConfigKey& key : config_keys()) {
      if (!key.name.starts_with("network.")) continue;
      RunConfig unset;
      std::string text(key.default_text);
      if (!text.empty()) key.assign(unset, text);
      const ResolvedValue& given = config.resolved.at(std::string(key.name));
      if (given.text != text)
        mistakes.add(ExitCode::bad_config, given.origin + ": " + std::string(key.name) +
                                               " is of virtual time: set run.executor = virtual, or leave it out");
    }

  const bool backprop = config.rule.name == "backprop";
  if (config.run.hosts > 1) {
    if (backprop || config.run.executor != RunSectionConfig::Executor::caf)
      wrong("only actors run over several processes (run.hosts = " + std::to_string(config.run.hosts) + "), and " +
            (backprop ? "rule.name = backprop" : "run.executor says another executor") + ": take one process");
    if (config.probe.timeline.last > 0) wrong("a timeline is of one process: leave out probe.timeline");
  }
  const TransportConfig& transport = config.transport;
  const bool own = !transport.ca.empty() || !transport.certificate.empty() || !transport.key.empty();
  if (own && (transport.ca.empty() || transport.certificate.empty() || transport.key.empty() || transport.name.empty()))
    wrong("certificates of your own are transport.ca, transport.certificate, transport.key and transport.name");
  if (own && !transport.encrypted) wrong("transport.encrypted = off leaves no use for certificates: leave one out");
  if (transport.dead_after <= transport.silent_after)
    wrong("transport.dead_after must be longer than transport.silent_after");
  if (backprop || config.run.executor == RunSectionConfig::Executor::reference)
    for (const auto& [key, given] : {std::pair("probe.timeline", config.probe.timeline.last > 0),
                                     std::pair("probe.vertices", config.probe.vertices > 0)})
      if (given)
        wrong(std::string(key) + " shows what actors do, and " +
              (backprop ? "rule.name = backprop" : "run.executor = reference") + " has none: leave it out");
  if (config.probe.trace > 0) {
    if (backprop) wrong("probe.trace follows relaxation, which rule.name = backprop has none of");
    if (config.relax.pacing == RelaxConfig::Pacing::asynchronous &&
        config.run.executor != RunSectionConfig::Executor::virtual_time)
      wrong(
          "probe.trace follows lockstep steps, or virtual time: set relax.pacing = lockstep and relax.steps, or "
          "run.executor = virtual");
  }

  const DataConfig& data = config.data;
  if (data.dataset.empty() && needs_data) wrong("data.dataset is missing: " + find_config_key("data.dataset")->allowed);
  const DatasetKind* dataset = find_dataset_kind(data.dataset);
  if (dataset != nullptr && dataset->needs_path && data.path.empty())
    wrong("data.path is missing: the dataset " + data.dataset + " is " + std::string(dataset->help));
  if (data.dataset == "table") {
    try {
      parse_rows(data.rows);
    } catch (const BadConfig& error) {
      wrong(error.what());
    }
  } else if (!data.rows.empty()) {
    wrong("data.rows belongs to data.dataset = table, the dataset here is " + data.dataset);
  }
}

}  // namespace settle
