#include "sim/report/study_groups.hpp"

#include <cmath>
#include <map>

namespace settle {

std::vector<StudyGroup> groups_of(const StudyRecord& study) {
  const bool over_variable = study.axes.x.empty() || study.is_variable(study.axes.x);
  std::map<std::vector<std::string>, std::size_t> places;
  std::vector<StudyGroup> groups;
  for (const StudyRecordRow& row : study.rows) {
    StudyGroup group{study.value(row, study.axes.x), NAN, {}, {}};
    for (const std::string& name : study.axes.series) group.series.push_back(study.value(row, name));
    std::vector<std::string> key = group.series;
    key.push_back(group.x);
    for (std::size_t column = 0; column < study.columns.size(); ++column)
      if (!over_variable && study.columns[column] != kSeedColumn) key.push_back(row.values[column]);
    const auto [found, fresh] = places.try_emplace(std::move(key), groups.size());
    if (fresh) groups.push_back(std::move(group));
    groups[found->second].rows.push_back(&row);
  }
  for (StudyGroup& group : groups) {
    const Estimate place = estimate_of(study, group, study.axes.x);
    group.place = place.samples > 0 ? place.mean : NAN;
  }
  return groups;
}

Estimate estimate_of(const StudyRecord& study, const StudyGroup& group, const std::string& column) {
  std::vector<double> samples;
  for (const StudyRecordRow* row : group.rows)
    if (const double number = study.number(*row, column); std::isfinite(number)) samples.push_back(number);
  return estimate(samples);
}

}  // namespace settle
