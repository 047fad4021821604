#include "sim/study/measure.hpp"

namespace settle {

extern const Measure kTrainMeasure;
extern const Measure kGradientMeasure;
extern const Measure kStabilityMeasure;

std::span<const Measure* const> measures() {
  static constexpr const Measure* kAll[] = {&kTrainMeasure, &kGradientMeasure, &kStabilityMeasure};
  return kAll;
}

}  // namespace settle
