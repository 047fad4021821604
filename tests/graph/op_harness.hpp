// Purpose: runs single operators on literal tensors. Caller: the operator tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graph/error.hpp"
#include "graph/op.hpp"

namespace settle::test {

template <class Scalar = double>
Tensor<Scalar> tensor(const Shape& shape, const std::vector<Scalar>& values) {
  return Tensor<Scalar>(shape, values);
}

template <class Scalar>
std::vector<Scalar> elements(const Tensor<Scalar>& tensor) {
  return {tensor.flat().begin(), tensor.flat().end()};
}

template <class Scalar>
std::vector<ConstView<Scalar>> views(const std::vector<Tensor<Scalar>>& tensors) {
  std::vector<ConstView<Scalar>> result;
  for (const auto& tensor : tensors) result.push_back(tensor.view());
  return result;
}

template <class Scalar = double>
Tensor<Scalar> forward(const OpPtr& op, const std::vector<Tensor<Scalar>>& inputs) {
  std::vector<Shape> shapes;
  for (const auto& tensor : inputs) shapes.push_back(tensor.shape());
  Tensor<Scalar> output(op->infer(shapes));
  output.fill(Scalar(77));  // what was there before must not matter
  const auto borrowed = views(inputs);
  op->forward(std::span<const ConstView<Scalar>>(borrowed), output.view());
  return output;
}

// The adjoint of input k for the output adjoint `root`, added to `before` where one is given.
template <class Scalar>
Tensor<Scalar> backward(const OpPtr& op, const std::vector<Tensor<Scalar>>& inputs, const Tensor<Scalar>& root,
                        std::size_t k, const Tensor<Scalar>* before = nullptr) {
  const Tensor<Scalar> output = forward(op, inputs);
  Tensor<Scalar> result(inputs[k].shape());
  result.fill(Scalar(77));
  if (before != nullptr) result = *before;
  const auto borrowed = views(inputs);
  op->backward(Backward<Scalar>{borrowed, output.view(), root.view(), k, result.view(), before != nullptr});
  return result;
}

// The shape an operator gives these shapes.
inline Shape inferred(const OpPtr& op, const std::vector<Shape>& shapes) { return op->infer(shapes); }

// The message of the BadConfig that `action` throws; empty where it throws none.
template <class Action>
std::string complaint(Action&& action) {
  try {
    std::forward<Action>(action)();
  } catch (const BadConfig& error) {
    return error.what();
  }
  return {};
}

}  // namespace settle::test
