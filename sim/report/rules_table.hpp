// Purpose: a study as a comparison of rules with backprop: rows that agree in all variables but the seed are repeats,
// and a row's twin is the one of rule backprop that agrees with it in all variables but those of rule and relaxation.
// Caller: the results page. Thread rule: pure.
#pragma once

#include <string_view>

#include "sim/report/html.hpp"
#include "sim/report/study_groups.hpp"

namespace settle {

// Whether a variable is of the rule, so that backprop does not depend on it: `rule.*`, `relax.*`.
bool is_of_rule(std::string_view variable);

// The study with axes for that: groups_of gives its repeats, with a value in `series` for each variable that differs
// (of a study whose rows do not differ the rule). y is what the measure `train` says of learning, with
// "messages_per_trial" and "seconds_per_trial", as far as there are numbers; of other measures what the study draws.
StudyRecord compared(StudyRecord study);

// Whether the group's rows are backprop's.
bool is_backprop(const StudyRecord& study, const StudyGroup& group);

// A line a group: what varies, means with 95 % intervals, and where rows have twins in how many of them the parameters
// are the twin's to the last bit: "4 of 5". Requires: both of `compared`.
Table rules_table(const StudyRecord& study, std::vector<StudyGroup> groups);

}  // namespace settle
