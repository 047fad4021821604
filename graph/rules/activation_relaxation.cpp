// Activation relaxation (Millidge, Tschantz, Seth & Buckley 2020): the activity of a vertex itself turns into its
// error, v <- (1 - value_rate) v + value_rate S, S = sum of J^T v_child at the feed-forward values. It rests where
// fixed prediction does, v = S; on the way (1 - value_rate)^t of the feed-forward value is left in it.
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class ActivationRelaxation final : public Rule<Scalar> {
 public:
  explicit ActivationRelaxation(double value_rate) : value_rate_(value_rate) {}

  std::string_view name() const override { return "activation_relaxation"; }
  bool moves_values() const override { return false; }  // children keep the feed-forward value
  bool memoryless() const override { return value_rate_ == 1; }
  void begin(Node<Scalar>& node) const override {
    if (relaxes(node)) node.take_value_as_error();
  }
  void refresh(Node<Scalar>&, std::uint64_t) const override {}
  Change advance(Node<Scalar>& node, std::uint64_t) const override {
    if (!relaxes(node)) return {};
    const Change change = node.blend_weighted_error(value_rate_);
    node.take_error_as_value();
    return change;
  }

 private:
  // Without children a vertex may have an energy that gives no force on its value: that stays the prediction.
  static bool relaxes(const Node<Scalar>& node) { return !node.vertex().energy || node.vertex().energy->relaxable(); }

  double value_rate_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> activation_relaxation(double value_rate) {
  return std::make_shared<const ActivationRelaxation<Scalar>>(value_rate);
}

template RulePtr<float> activation_relaxation<float>(double);
template RulePtr<double> activation_relaxation<double>(double);

}  // namespace settle
