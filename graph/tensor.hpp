// Purpose: dense tensors in C order. `Tensor` owns its memory, 64-byte aligned where it is more than a few elements,
// which it holds itself: moving such a tensor moves its elements. `View` and `ConstView` borrow.
// Every value is batch first: `[batch, ...]`. A Tensor that shrinks or is reshaped keeps its memory, so that a trial
// after the first allocates nothing.
// Thread rule: as standard containers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

// Memory for elements. A few it holds itself, so moving it may move them; it keeps what it has when it shrinks.
template <class Scalar>
class Storage {
 public:
  Storage() noexcept {}
  Storage(Storage&& other) noexcept { take(other); }
  Storage& operator=(Storage&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~Storage() { release(); }

  // Contents are unspecified where it has to grow beyond the largest size it ever had.
  void reserve(std::size_t count) {
    if (count <= capacity_) return;
    release();
    data_ = count <= held_.size() ? held_.data() : allocate(count);
    capacity_ = static_cast<std::uint32_t>(count);
  }
  void release() noexcept {
    if (!holds()) ::operator delete[](data_, std::align_val_t(kTensorAlignment));
    data_ = nullptr;
    capacity_ = 0;
  }
  Scalar* data() const noexcept { return data_; }

 private:
  bool holds() const noexcept { return data_ == held_.data(); }
  static Scalar* allocate(std::size_t count) {
    return static_cast<Scalar*>(::operator new[](count * sizeof(Scalar), std::align_val_t(kTensorAlignment)));
  }
  void take(Storage& other) noexcept {
    release();
    held_ = other.held_;
    data_ = other.holds() ? held_.data() : other.data_;
    capacity_ = other.capacity_;
    other.data_ = nullptr;
    other.capacity_ = 0;
  }

  // Aligned like the smallest vector of any instruction set, so that the order of a sum is that of a tensor in memory.
  alignas(16) std::array<Scalar, 16 / sizeof(Scalar)> held_;
  Scalar* data_ = nullptr;
  std::uint32_t capacity_ = 0;
};

template <class Scalar>
class Tensor : private Storage<Scalar> {  // as a base, for its padding holds a part of the shape
 public:
  Tensor() noexcept {}
  // Zero-filled. Requires: a concrete shape.
  explicit Tensor(const Shape& shape) {
    resize(shape);
    fill(Scalar(0));
  }
  Tensor(const Shape& shape, std::span<const Scalar> values) {
    resize(shape);
    std::copy(values.begin(), values.end(), data());
  }
  Tensor(const Tensor& other) : Storage<Scalar>() { *this = other; }
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor& other) {
    if (this == &other) return *this;
    if (other.data())
      resize(other.shape());
    else  // stays without elements, whatever its shape says
      this->release();
    shape_ = other.shape_;
    std::ranges::copy(other.flat(), data());
    return *this;
  }
  Tensor& operator=(Tensor&&) noexcept = default;

  // New extents; contents are unspecified afterwards. Allocates only beyond the largest size it ever had.
  void resize(const Shape& shape) {
    this->reserve(static_cast<std::size_t>(shape.size()));
    shape_ = shape;
  }
  void fill(Scalar value) { std::ranges::fill(flat(), value); }

  const Shape& shape() const noexcept { return shape_; }
  std::int64_t size() const noexcept { return data() ? shape_.size() : 0; }
  Scalar* data() noexcept { return Storage<Scalar>::data(); }
  const Scalar* data() const noexcept { return Storage<Scalar>::data(); }
  std::span<Scalar> flat() noexcept { return {data(), static_cast<std::size_t>(size())}; }
  std::span<const Scalar> flat() const noexcept { return {data(), static_cast<std::size_t>(size())}; }
  View<Scalar> view() noexcept { return {data(), shape_}; }
  ConstView<Scalar> view() const noexcept { return {data(), shape_}; }

 private:
  Shape shape_;
};

}  // namespace settle
