#include "tools/network_choice.hpp"

#include "graph/error.hpp"
#include "sim/config/keys.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

std::optional<std::string_view> given_network_option(const Options& options) {
  for (const Option& option : kNetworkOptions)
    if (options.has(option.name)) return option.name;
  return std::nullopt;
}

NetworkConfig network_choice(const Options& options, const std::optional<RunConfig>& config) {
  RunConfig chosen;
  if (config) chosen.network = config->network;
  for (const Option& option : kNetworkOptions) {
    std::optional<std::string> value = options.text(option.name);
    if (!value) continue;
    const ConfigKey& key = *find_config_key(option.name);
    const std::string given = *value;
    if (!key.assign(chosen, *value))
      options.fail("--" + std::string(option.name) + " " + given + ": it takes " + key.allowed);
  }
  return chosen.network;
}

}  // namespace settle
