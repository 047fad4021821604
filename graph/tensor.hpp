// Purpose: dense tensors in C order. `Tensor` owns 64-byte aligned memory; `View` and `ConstView` borrow it.
// Every value is batch first: `[batch, ...]`. A Tensor that shrinks or is reshaped keeps its memory, so that a trial
// after the first allocates nothing.
// Thread rule: as standard containers; a `Payload` (shared, const) may be read by any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "graph/shape.hpp"

namespace settle {

inline constexpr std::size_t kTensorAlignment = 64;

template <class Scalar>
struct View {
  Scalar* data = nullptr;
  Shape shape;

  std::int64_t size() const noexcept { return shape.size(); }
  std::span<Scalar> flat() const noexcept { return {data, static_cast<std::size_t>(size())}; }
};

template <class Scalar>
struct ConstView {
  const Scalar* data = nullptr;
  Shape shape;

  ConstView() = default;
  ConstView(const Scalar* memory, const Shape& extents) : data(memory), shape(extents) {}
  ConstView(const View<Scalar>& view) : data(view.data), shape(view.shape) {}

  std::int64_t size() const noexcept { return shape.size(); }
  std::span<const Scalar> flat() const noexcept { return {data, static_cast<std::size_t>(size())}; }
};

template <class Scalar>
class Tensor {
 public:
  Tensor() = default;
  // Zero-filled. Requires: a concrete shape.
  explicit Tensor(const Shape& shape) {
    resize(shape);
    fill(Scalar(0));
  }
  Tensor(const Shape& shape, std::span<const Scalar> values) {
    resize(shape);
    std::copy(values.begin(), values.end(), data());
  }
  Tensor(const Tensor& other) { *this = other; }
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor& other) {
    if (this == &other) return *this;
    if (!other.memory_) {  // stays without elements, whatever its shape says
      memory_.reset();
      capacity_ = 0;
    } else {
      resize(other.shape());
    }
    shape_ = other.shape_;
    std::ranges::copy(other.flat(), data());
    return *this;
  }
  Tensor& operator=(Tensor&&) noexcept = default;

  // New extents; contents are unspecified afterwards. Allocates only beyond the largest size it ever had.
  void resize(const Shape& shape) {
    const auto count = static_cast<std::size_t>(shape.size());
    if (count > capacity_) {
      memory_.reset(static_cast<Scalar*>(::operator new[](count * sizeof(Scalar), std::align_val_t(kTensorAlignment))));
      capacity_ = count;
    }
    shape_ = shape;
  }
  void fill(Scalar value) { std::ranges::fill(flat(), value); }

  const Shape& shape() const noexcept { return shape_; }
  std::int64_t size() const noexcept { return memory_ ? shape_.size() : 0; }
  Scalar* data() noexcept { return memory_.get(); }
  const Scalar* data() const noexcept { return memory_.get(); }
  std::span<Scalar> flat() noexcept { return {data(), static_cast<std::size_t>(size())}; }
  std::span<const Scalar> flat() const noexcept { return {data(), static_cast<std::size_t>(size())}; }
  View<Scalar> view() noexcept { return {data(), shape_}; }
  ConstView<Scalar> view() const noexcept { return {data(), shape_}; }

 private:
  struct Release {
    void operator()(Scalar* memory) const noexcept { ::operator delete[](memory, std::align_val_t(kTensorAlignment)); }
  };
  std::unique_ptr<Scalar[], Release> memory_;
  std::size_t capacity_ = 0;
  Shape shape_;
};

// What travels in a message: an immutable, shared tensor; null stands for a tensor of zeros ("zero as a flag").
template <class Scalar>
using Payload = std::shared_ptr<const Tensor<Scalar>>;

}  // namespace settle
