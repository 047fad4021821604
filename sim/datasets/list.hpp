// Purpose: the datasets there are, by the name that `data.dataset` gives. A new one is one file and one line in
// list.cpp. Callers: the session, the config (allowed names). Thread rule: free functions.
#pragma once

#include <span>
#include <string_view>

#include "sim/config/run_config.hpp"
#include "sim/dataset.hpp"

namespace settle {

struct DatasetKind {
  std::string_view name;
  std::string_view help;
  bool needs_path;  // data.path has no default
  bool gives_mask;  // its samples are of unequal length: a second input column says which steps are there
  // All training samples in `train`, none in `validation`: open_dataset applies `subset` and `validation`.
  Dataset (*open)(const DataConfig& config);
};

std::span<const DatasetKind> dataset_kinds();
// Null where there is none of that name.
const DatasetKind* find_dataset_kind(std::string_view name);

// The dataset that the config names, cut to `subset` (the first N training samples) and with the last training samples
// moved to `validation`.
// Requires: config.dataset is a known name.
// Errors: MissingInput, BadData naming the file; BadConfig naming the key.
Dataset open_dataset(const DataConfig& config);

}  // namespace settle
