// Strict predictive coding (Millidge, Tschantz & Buckley 2020, section 2): gradient descent on the free energy,
// -dF/dv = S - precision * error, with predictions that follow the values. The rate is a number, or what each vertex's
// curvature bears (graph/curvature.hpp).
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class Strict final : public Rule<Scalar> {
 public:
  // Without a rate it follows the curvature.
  Strict(std::optional<double> value_rate, std::uint32_t round_trip)
      : value_rate_(value_rate), round_trip_(round_trip) {}

  std::string_view name() const override { return "strict"; }
  bool moves_values() const override { return true; }
  bool memoryless() const override { return false; }
  bool starts_anywhere() const override { return true; }
  bool follows_curvature() const override { return !value_rate_; }
  void refresh(Node<Scalar>& node, std::uint64_t) const override { node.follow_parents(); }
  Change advance(Node<Scalar>& node, std::uint64_t) const override {
    if (value_rate_) return node.move_value(node.sum_feedback(), *value_rate_);
    const std::optional<double> rate = node.curvature().rate(round_trip_);
    if (!rate) return {};  // it does not know the gain of each child yet
    const Change change = node.move_value(node.sum_feedback(), *rate);
    node.curvature().note_change(change.largest);
    return change;
  }

 private:
  std::optional<double> value_rate_;
  std::uint32_t round_trip_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> strict(double value_rate) {
  return std::make_shared<const Strict<Scalar>>(value_rate, 0);
}

template <class Scalar>
RulePtr<Scalar> strict_by_curvature(std::uint32_t round_trip) {
  return std::make_shared<const Strict<Scalar>>(std::nullopt, round_trip);
}

template RulePtr<float> strict_by_curvature<float>(std::uint32_t);
template RulePtr<double> strict_by_curvature<double>(std::uint32_t);
template RulePtr<float> strict<float>(double);
template RulePtr<double> strict<double>(double);

}  // namespace settle
