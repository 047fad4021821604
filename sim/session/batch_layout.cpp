#include "sim/session/batch_layout.hpp"

namespace settle {
namespace {

// Calls visit(offset with the batch first, offset with it at `axis`, length) for each contiguous piece of `shape`,
// which has it at `axis`.
template <class Visit>
void for_each_piece(const Shape& shape, std::size_t axis, Visit visit) {
  std::int64_t outer = 1;
  std::int64_t inner = 1;
  for (std::size_t k = 0; k < axis; ++k) outer *= shape[k];
  for (std::size_t k = axis + 1; k < shape.rank(); ++k) inner *= shape[k];
  const std::int64_t batch = shape[axis];
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t b = 0; b < batch; ++b) visit((b * outer + o) * inner, (o * batch + b) * inner, inner);
}

}  // namespace

template <class Scalar>
void from_batch_first(ConstView<Scalar> from, std::size_t axis, View<Scalar> to) {
  for_each_piece(to.shape, axis, [&](std::int64_t first, std::int64_t at, std::int64_t length) {
    std::copy_n(from.data + first, length, to.data + at);
  });
}

template <class Scalar>
ConstView<Scalar> batch_first(ConstView<Scalar> tensor, std::size_t axis, Tensor<Scalar>& scratch) {
  const Shape& shape = tensor.shape;
  const Shape rows{shape[axis], shape.size() / std::max<std::int64_t>(shape[axis], 1)};
  if (axis == 0) return {tensor.data, rows};
  scratch.resize(rows);
  for_each_piece(shape, axis, [&](std::int64_t first, std::int64_t at, std::int64_t length) {
    std::copy_n(tensor.data + at, length, scratch.data() + first);
  });
  return std::as_const(scratch).view();
}

template void from_batch_first(ConstView<float>, std::size_t, View<float>);
template void from_batch_first(ConstView<double>, std::size_t, View<double>);
template ConstView<float> batch_first(ConstView<float>, std::size_t, Tensor<float>&);
template ConstView<double> batch_first(ConstView<double>, std::size_t, Tensor<double>&);

}  // namespace settle
