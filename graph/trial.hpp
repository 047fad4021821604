// Purpose: what one trial is asked to do (clamp, predict, relax, learn) and where clamped vertices read their data.
// Thread rule: a Trial is immutable while it runs; a ClampSource may be read by any number of threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/graph.hpp"

namespace settle {

enum class LearnMode {
  none,      // the trial ends after relax (or after predict)
  update,    // parameters move
  read_out,  // gradients are formed and kept for observation; parameters stay
};

struct Trial {
  std::uint64_t number = 0;            // names the trial in messages and reports; grows from trial to trial
  std::vector<std::uint32_t> samples;  // which samples of the data; their number is the batch
  std::shared_ptr<const std::vector<char>> clamped;  // by VertexId: held to data
  bool relax = true;
  LearnMode learn = LearnMode::update;

  std::int64_t batch() const noexcept { return static_cast<std::int64_t>(samples.size()); }
};

// A flag per vertex, set for `ids`.
std::shared_ptr<const std::vector<char>> clamp_set(const Graph& graph, std::span<const VertexId> ids);

template <class Scalar>
class ClampSource {
 public:
  virtual ~ClampSource() = default;
  // Fills `out`, `[samples, ...]`, with the data of a clamped vertex. Called beside the vertex, by its thread.
  virtual void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const = 0;
};

// Has `source` fill `out`. False where that put something in it that is not finite.
template <class Scalar>
bool read_clamped(const ClampSource<Scalar>& source, VertexId vertex, const Trial& trial, Tensor<Scalar>& out);

}  // namespace settle
