#include "graph/op.hpp"

#include "graph/error.hpp"

namespace settle {

double Op::cost(std::span<const Shape>, const Shape& output) const { return static_cast<double>(output.size()); }

std::string Op::standard_form(StandardWriter&, std::span<const StandardValue>, const Shape&) const {
  throw BadConfig("the operator '" + std::string(name()) + "' has no counterpart in the ONNX standard");
}

}  // namespace settle
