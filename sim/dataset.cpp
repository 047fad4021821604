#include "sim/dataset.hpp"

#include <cassert>
#include <utility>

namespace settle {

Split::Split(std::vector<ColumnPtr> inputs, std::vector<ColumnPtr> targets, Labels labels, std::uint32_t size,
             std::uint32_t answers)
    : inputs_(std::move(inputs)),
      targets_(std::move(targets)),
      labels_(std::move(labels)),
      size_(size),
      answers_(answers) {
  assert(!labels_ || labels_->size() == std::size_t{size_} * answers_);
}

std::span<const std::uint32_t> Split::labels() const noexcept {
  if (!labels_) return {};
  return std::span(*labels_).subspan(std::size_t{first_} * answers_, std::size_t{size_} * answers_);
}

Split Split::part(std::uint32_t first, std::uint32_t size) const {
  assert(first <= size_ && size <= size_ - first);
  Split result = *this;
  result.first_ = first_ + first;
  result.size_ = size;
  return result;
}

std::uint32_t first_number(const Dataset& data, const Split& split) noexcept {
  if (&split == &data.train) return 0;
  if (&split == &data.validation) return data.train.size();
  assert(&split == &data.test);
  return data.train.size() + data.validation.size();
}

}  // namespace settle
