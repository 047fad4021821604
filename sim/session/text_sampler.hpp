// Purpose: text drawn from a trained sequence model, one character after another: each from the model's prediction for
// the step behind the last characters, as many of them as the model has steps.
//   P(c) ~ p(c)^(1 / temperature); temperature 0 takes the likeliest.
// Caller: `settle sample`. Thread rule: one caller.
// Errors: MissingInput where the run has no checkpoint; BadConfig where it is none of text, or its model does not
// predict a categorical next character at each step; BadData where a character of the prime never stood in the text, or
// the text is not the one that the run was made from.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/config/run_config.hpp"

namespace settle {

struct TextSampling {
  std::u32string prime;        // what the text begins with; empty: a line's end, or the vocabulary's first character
  std::uint64_t length = 500;  // characters behind the prime
  double temperature = 1;
  std::uint64_t seed = 1;
};

// Hands out the prime, then every character as it is drawn. The newest checkpoint of config.run.directory is used.
template <class Scalar>
void sample_text(const RunConfig& config, const TextSampling& sampling,
                 const std::function<void(std::u32string_view)>& take);

}  // namespace settle
