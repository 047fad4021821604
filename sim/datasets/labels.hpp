// Purpose: class labels from a file, checked. Callers: the idx and npy datasets. Thread rule: free functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sim/dataset.hpp"

namespace settle {

// How many classes the training labels show (largest + 1), or `wanted` where it is not 0.
// Errors: BadData naming file and sample for a label below 0 or beyond 65,535.
std::uint32_t count_classes(std::span<const std::int64_t> training_labels, std::uint32_t wanted,
                            const std::string& file);
// Errors: BadData naming file, sample and label for one that is not in [0, classes).
Labels checked_labels(std::span<const std::int64_t> labels, std::uint32_t classes, const std::string& file);

// A split of one input column with class targets.
Split labelled_split(ColumnPtr input, Labels labels, std::uint32_t classes);

// Errors: BadData naming both files where they do not hold as many samples, or hold none or more than 2^32 - 1.
std::uint32_t agreed_size(std::int64_t inputs, const std::string& inputs_file, std::int64_t targets,
                          const std::string& targets_file);

}  // namespace settle
