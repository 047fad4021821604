// Purpose: small models and datasets for the tests of the session's parts.
#pragma once

#include <string>

#include "graph/language/language.hpp"
#include "sim/datasets/list.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/session/binding.hpp"

namespace settle {

// The samples that `rows` writes out, as data.rows does.
inline Dataset table_of(const std::string& rows) {
  DataConfig config;
  config.dataset = "table";
  config.rows = rows;
  return open_dataset(config);
}

// A model on the training samples of a table.
template <class Scalar>
struct Bench {
  Bench(const std::string& model, const std::string& rows)
      : graph(parse_graph(model, "model.graph")),
        data(table_of(rows)),
        binding(bind(*graph, data.train)),
        source(*graph, binding, data) {}
  NodeSettings<Scalar> settings(const RuleChoice& choice) const {
    NodeSettings<Scalar> all = node_settings<Scalar>(choice);
    all.source = &source;
    all.seed = 3;
    return all;
  }
  Trial trial(std::vector<std::uint32_t> samples) const {
    Trial trial;
    trial.samples = std::move(samples);
    trial.clamped = binding.clamped;
    return trial;
  }

  GraphPtr graph;
  Dataset data;
  Binding binding;
  DatasetSource<Scalar> source;
};

}  // namespace settle
