// Purpose: the table of all keys: the one place where a key has its name, default, help, allowed values and its member
// of RunConfig. Callers: load.cpp, help. Thread rule: immutable after the first call.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "sim/config/run_config.hpp"

namespace settle {

struct ConfigKey {
  std::string_view name;          // "section.key"
  std::string_view default_text;  // empty: unset unless given
  std::string_view help;
  bool is_path = false;
  std::string allowed;  // "a whole number from 1 to 10"
  // Stores what `text` says and puts it in its one canonical spelling ("1e-3" becomes "0.001"); false: not allowed.
  std::function<bool(RunConfig& config, std::string& text)> assign;
};

std::span<const ConfigKey> config_keys();
// Null: no such key.
const ConfigKey* find_config_key(std::string_view name);
// The nearest key, or the same key in another section; empty where there is none.
std::string suggest_config_key(std::string_view name);

// Every key with default, allowed values and help, by section: `settle help config`.
std::string config_help();

}  // namespace settle
