#include <cstdio>

#include "graph/shape.hpp"
#include "graph/tensor.hpp"

int main() {
  const settle::Tensor<float> tensor(settle::Shape{2, 3});
  std::printf("%d\n", static_cast<int>(tensor.shape().size()));
  return tensor.shape().size() == 6 ? 0 : 1;
}
