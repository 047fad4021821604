// Purpose: what travels in a message and rests in a slot: nothing, which stands for zeros; one number, which travels
// inline; or an immutable tensor that sender and receivers share. Read like a pointer to a const tensor.
// A scalar vertex allocates nothing to send its value, and shares no memory with who receives it.
// Thread rule: as a shared_ptr<const Tensor>. A payload is written, through `writable`, by who acquired it and before
// it is sent or stored anywhere else.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>

#include "graph/tensor.hpp"

namespace settle {

template <class Scalar>
class Payload {
 public:
  Payload() noexcept = default;
  Payload(std::nullptr_t) noexcept {}
  Payload(const Payload& other) noexcept : tag_(other.tag_), number_(other.number_) { retain(); }
  Payload(Payload&& other) noexcept : tag_(std::exchange(other.tag_, 0)), number_(other.number_) {}
  // A copy of the tensor's elements.
  explicit Payload(const Tensor<Scalar>& tensor) : Payload(of(tensor.shape())) {
    std::ranges::copy(tensor.flat(), writable().data);
  }
  ~Payload() { release(); }
  Payload& operator=(Payload other) noexcept {
    std::swap(tag_, other.tag_);
    std::swap(number_, other.number_);
    return *this;
  }

  // A payload of that shape that nobody else holds, contents unspecified. Requires: a concrete shape.
  static Payload of(const Shape& shape) {
    Payload payload;
    if (shape.size() == 1) {
      payload.tag_ = 2 * shape.rank() + 1;
    } else {
      auto* block = new Block;
      block->tensor.resize(shape);
      payload.tag_ = reinterpret_cast<std::uintptr_t>(block);
    }
    return payload;
  }

  explicit operator bool() const noexcept { return tag_ != 0; }
  // The same tensor or the same bits, without a look at a tensor's elements.
  friend bool operator==(const Payload& a, const Payload& b) noexcept {
    return a.tag_ == b.tag_ && (!a.is_number() || std::memcmp(&a.number_, &b.number_, sizeof(Scalar)) == 0);
  }
  void reset() noexcept { *this = nullptr; }

  // Requires of all below: it holds something.
  ConstView<Scalar> view() const noexcept {
    if (is_number()) return {&number_, Shape::ones(tag_ / 2)};
    return std::as_const(block()->tensor).view();
  }
  Shape shape() const noexcept { return view().shape; }
  std::int64_t size() const noexcept { return is_number() ? 1 : block()->tensor.size(); }
  const Scalar* data() const noexcept { return is_number() ? &number_ : std::as_const(block()->tensor).data(); }
  std::span<const Scalar> flat() const noexcept { return {data(), static_cast<std::size_t>(size())}; }
  const Payload* operator->() const noexcept { return this; }
  // A tensor of its own. (There is no operator*, which would let views into a temporary look harmless.)
  Tensor<Scalar> copy() const { return Tensor<Scalar>(shape(), flat()); }

  bool is_number() const noexcept { return (tag_ & 1) != 0; }
  // How many payloads hold the tensor: 1 for a number, 0 for nothing.
  long use_count() const noexcept {
    if (tag_ == 0 || is_number()) return tag_ == 0 ? 0 : 1;
    return static_cast<long>(block()->owners.load(std::memory_order_relaxed));
  }
  View<Scalar> writable() noexcept {
    if (is_number()) return {&number_, Shape::ones(tag_ / 2)};
    return block()->tensor.view();
  }
  // Likewise. Requires: not a number.
  Tensor<Scalar>& tensor() noexcept { return block()->tensor; }

 private:
  struct Block {
    std::atomic<std::uint32_t> owners{1};
    Tensor<Scalar> tensor;
  };

  Block* block() const noexcept { return reinterpret_cast<Block*>(tag_); }
  void retain() const noexcept {
    if (tag_ != 0 && !is_number()) block()->owners.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept {
    if (tag_ != 0 && !is_number() && block()->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block();
  }

  std::uintptr_t tag_ = 0;  // 0: nothing; odd: a number, whose rank is tag / 2; else the address of a Block
  Scalar number_ = 0;
};

}  // namespace settle
