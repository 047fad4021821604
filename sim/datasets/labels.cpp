#include "sim/datasets/labels.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "graph/error.hpp"
#include "sim/datasets/columns.hpp"

namespace settle {
namespace {

// One-hot rows of more classes than this are a mistaken file, not a classification.
constexpr std::int64_t kMaxClasses = 65536;

[[noreturn]] void refuse(const std::string& file, std::size_t sample, std::int64_t label, std::int64_t classes) {
  throw BadData(file + ": the label of sample " + std::to_string(sample) + " is " + std::to_string(label) +
                ", it must be from 0 to " + std::to_string(classes - 1));
}

}  // namespace

std::uint32_t count_classes(std::span<const std::int64_t> training_labels, std::uint32_t wanted,
                            const std::string& file) {
  if (wanted != 0) return wanted;
  std::int64_t largest = 0;
  for (std::size_t sample = 0; sample < training_labels.size(); ++sample) {
    const std::int64_t label = training_labels[sample];
    if (label < 0 || label >= kMaxClasses) refuse(file, sample, label, kMaxClasses);
    largest = std::max(largest, label);
  }
  return static_cast<std::uint32_t>(largest + 1);
}

Labels checked_labels(std::span<const std::int64_t> labels, std::uint32_t classes, const std::string& file) {
  std::vector<std::uint32_t> result(labels.size());
  for (std::size_t sample = 0; sample < labels.size(); ++sample) {
    if (labels[sample] < 0 || labels[sample] >= classes) refuse(file, sample, labels[sample], classes);
    result[sample] = static_cast<std::uint32_t>(labels[sample]);
  }
  return std::make_shared<const std::vector<std::uint32_t>>(std::move(result));
}

Split labelled_split(ColumnPtr input, Labels labels, std::uint32_t classes) {
  const auto size = static_cast<std::uint32_t>(labels->size());
  return Split({std::move(input)}, {std::make_shared<OneHotColumn>(labels, classes)}, labels, size);
}

std::uint32_t agreed_size(std::int64_t inputs, const std::string& inputs_file, std::int64_t targets,
                          const std::string& targets_file) {
  if (inputs != targets)
    throw BadData(inputs_file + ": holds " + std::to_string(inputs) + " samples, " + targets_file + " holds " +
                  std::to_string(targets) + "; there must be as many targets as inputs");
  if (inputs == 0) throw BadData(inputs_file + ": holds no samples");
  if (inputs > std::numeric_limits<std::uint32_t>::max())
    throw BadData(inputs_file + ": holds more than 2^32 - 1 samples");
  return static_cast<std::uint32_t>(inputs);
}

}  // namespace settle
