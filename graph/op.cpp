#include "graph/op.hpp"

namespace settle {

double Op::cost(std::span<const Shape>, const Shape& output) const { return static_cast<double>(output.size()); }

}  // namespace settle
