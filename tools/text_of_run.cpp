#include "tools/text_of_run.hpp"

namespace settle {

void text_of_run(const RunConfig& config, const TextSampling& sampling,
                 const std::function<void(std::u32string_view)>& take) {
  if (config.run.scalar == RunSectionConfig::Scalar::float64)
    sample_text<double>(config, sampling, take);
  else
    sample_text<float>(config, sampling, take);
}

}  // namespace settle
