// Purpose: how rules learn, beside each other: the loss of training batches and, at the ends of epochs, of held-out
// samples, over the trials, from the metrics of a study's runs: a line a group (the mean of its repeats, with 95 %
// intervals), a picture for each setting of what is not the rule's. Backprop is drawn last and dashed, so that a rule
// that follows it exactly is seen under it. Caller: the results page. Thread rule: free functions. Errors: BadData for
// metrics that cannot be read.
#pragma once

#include "sim/report/plot.hpp"
#include "sim/report/study_groups.hpp"

namespace settle {

inline constexpr std::size_t kMostWindows = 50;   // of a training curve: it shows their means
inline constexpr std::size_t kMostPictures = 12;  // of settings

// The mean over runs of what each one's points have in the mean in each window of x, `width` wide: (0, width], ...
// Points that are not finite are left out.
std::vector<Point> mean_curve(const std::vector<std::vector<Point>>& runs, double width);

// `name` begins the names of the pictures. Requires: study and groups of `compared` (sim/report/rules_table.hpp).
std::vector<Plot> training_curves(const StudyRecord& study, const std::vector<StudyGroup>& groups,
                                  const std::string& name);

}  // namespace settle
