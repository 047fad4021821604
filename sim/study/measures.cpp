#include "sim/study/measure.hpp"

namespace settle {

extern const Measure kTrainMeasure;

std::span<const Measure* const> measures() {
  static constexpr const Measure* kAll[] = {&kTrainMeasure};
  return kAll;
}

}  // namespace settle
