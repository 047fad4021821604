#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/view.hpp"

namespace settle {
namespace {

std::string to_string(const std::vector<std::int64_t>& extents) {
  std::string text = "[";
  for (const std::int64_t extent : extents) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

class Reshape final : public ViewOp<Reshape> {
 public:
  explicit Reshape(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {
    for (const std::int64_t extent : extents_)
      if (extent < 1 && extent != -1)
        throw BadConfig("reshape takes extents of at least 1, or one -1 for what is left, not " +
                        std::to_string(extent));
    if (std::ranges::count(extents_, -1) > 1)
      throw BadConfig("reshape takes at most one -1, not " + to_string(extents_));
  }

  std::string_view name() const override { return "reshape"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    const std::int64_t elements = inputs[0].size();
    std::vector<std::int64_t> extents = extents_;
    std::int64_t known = 1;
    bool fits = true;
    for (const std::int64_t extent : extents) {
      if (extent == -1) continue;
      // By division, so that no product overflows.
      fits = fits && extent <= elements / known;
      if (fits) known *= extent;
    }
    for (std::int64_t& extent : extents)
      if (extent == -1 && fits && elements % known == 0) {
        extent = elements / known;
        known *= extent;
      }
    if (!fits || known != elements)
      throw BadConfig("reshape cannot make " + to_string(extents_) + " of a sample of " + inputs[0].to_string() +
                      ", which has " + std::to_string(elements) + " elements");
    const Shape sample{std::span<const std::int64_t>(extents)};
    return inputs[0].batched() ? Shape::batched_over(sample) : sample;
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::int64_t> extents = extents_;
    if (inputs[0].shape.batched()) extents.insert(extents.begin(), 0);
    return writer.node("Reshape", {inputs[0].name, writer.integers(extents)});
  }

 private:
  std::vector<std::int64_t> extents_;
};

ExpressionPtr make_reshape(const Call& call) {
  std::vector<std::int64_t> extents;
  for (std::size_t k = 1; k < call.arguments.size(); ++k)
    extents.push_back(integer_argument(call.arguments[k], "an extent of reshape"));
  return apply(reshape_op(std::move(extents)), {tensor_argument(call.arguments[0], "the input of reshape")});
}

}  // namespace

OpPtr reshape_op(std::vector<std::int64_t> extents) { return std::make_shared<const Reshape>(std::move(extents)); }
OpPtr flatten_op() { return reshape_op({-1}); }

OperatorFamily reshape_family() {
  OperatorFamily family;
  family.name = "reshape";
  family.functions.push_back({.name = "reshape",
                              .signature = "reshape(x, extents...)",
                              .min_arguments = 2,
                              .max_arguments = 1 + Shape::kMaxRank,
                              .keywords = {},
                              .make = make_reshape});
  family.functions.push_back(plain_function("flatten", flatten_op(), 1));
  family.gradient_cases = {{"reshape", reshape_op({3, -1}), {case_values("reshape", {2, 6})}},
                           {"flatten", flatten_op(), {case_values("flatten", {2, 3, 2})}}};
  return family;
}

}  // namespace settle
