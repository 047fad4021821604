// Purpose: text drawn from a run's newest checkpoint, in the precision of its config. Callers: the commands `sample`
// and `report`. Thread rule and errors: sim/session/text_sampler.hpp.
#pragma once

#include "sim/session/text_sampler.hpp"

namespace settle {

inline constexpr std::int64_t kLongestSample = 1000000;

void text_of_run(const RunConfig& config, const TextSampling& sampling,
                 const std::function<void(std::u32string_view)>& take);

}  // namespace settle
