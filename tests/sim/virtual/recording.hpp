// Purpose: keeps what an observer is shown. Caller: tests. Thread rule: one owner.
#pragma once

#include <vector>

#include "sim/virtual/virtual_time_executor.hpp"

namespace settle::test {

struct RecordedSample {
  Tick tick = 0;
  std::uint64_t step = 0;
  std::uint64_t messages = 0;
  std::vector<Tensor<double>> values;  // by vertex
  std::vector<Tensor<double>> errors;  // weighted
};

class Recording final : public RelaxationObserver<double> {
 public:
  void sample(const RelaxationSample<double>& sample) override {
    RecordedSample row{sample.tick(), sample.step(), sample.messages(), {}, {}};
    for (VertexId id = 0; id < sample.graph().size(); ++id) {
      row.values.push_back(observe_node(sample.node(id), Quantity::value));
      row.errors.push_back(observe_node(sample.node(id), Quantity::weighted_error));
    }
    rows.push_back(std::move(row));
  }
  std::vector<RecordedSample> rows;
};

}  // namespace settle::test
