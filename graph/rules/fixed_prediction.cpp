// Fixed prediction (Millidge, Tschantz & Buckley 2020, section 3, "the fixed-prediction assumption"): at rest
// xi = S everywhere, the recursion of reverse-mode differentiation, so xi = -dL/dv^.
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class FixedPrediction final : public Rule<Scalar> {
 public:
  explicit FixedPrediction(double value_rate) : value_rate_(value_rate) {}

  std::string_view name() const override { return "fixed_prediction"; }
  bool moves_values() const override { return false; }
  bool memoryless() const override { return value_rate_ == 1; }
  void refresh(Node<Scalar>&, std::uint64_t) const override {}
  Change advance(Node<Scalar>& node, std::uint64_t) const override { return node.blend_weighted_error(value_rate_); }

 private:
  double value_rate_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> fixed_prediction(double value_rate) {
  return std::make_shared<const FixedPrediction<Scalar>>(value_rate);
}

template RulePtr<float> fixed_prediction<float>(double);
template RulePtr<double> fixed_prediction<double>(double);

}  // namespace settle
