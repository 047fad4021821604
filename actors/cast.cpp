#include "actors/cast.hpp"

namespace settle {
namespace {

// Who takes part is kept for as many combinations as a run ever alternates between; a caller that makes a clamp set a
// trial must not make memory grow.
constexpr std::size_t kMostCasts = 64;

}  // namespace

template <class Scalar>
const Cast& Casts<Scalar>::of(const Trial& trial, Phase phase) {
  if (casts_.size() >= kMostCasts) casts_.clear();
  const auto [entry, fresh] = casts_.try_emplace(Key{trial.clamped, trial.learn, phase});
  if (fresh) {
    for (VertexId id = 0; id < graph_->size(); ++id) {
      if (here_ && !here_(id, phase, trial)) continue;
      if (NodeCore<Scalar>::participates(*graph_, id, phase, trial, *settings_))
        entry->second.participants.push_back(id);
      if (NodeCore<Scalar>::starts(*graph_, id, phase, trial, *settings_)) entry->second.starters.push_back(id);
    }
  }
  return entry->second;
}

template class Casts<float>;
template class Casts<double>;

}  // namespace settle
