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
  Strict(std::optional<double> value_rate, std::optional<std::uint32_t> delay)
      : value_rate_(value_rate), delay_(delay) {}

  std::string_view name() const override { return "strict"; }
  bool moves_values() const override { return true; }
  bool memoryless() const override { return false; }
  bool starts_anywhere() const override { return true; }
  bool follows_curvature() const override { return !value_rate_; }
  void refresh(Node<Scalar>& node, std::uint64_t) const override { node.follow_parents(); }
  Change advance(Node<Scalar>& node, std::uint64_t) const override {
    return value_rate_ ? node.move_value(*value_rate_) : node.move_value_by_curvature(delay_.value_or(1), !delay_);
  }

 private:
  std::optional<double> value_rate_;
  std::optional<std::uint32_t> delay_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> strict(double value_rate) {
  return std::make_shared<const Strict<Scalar>>(value_rate, 0);
}

template <class Scalar>
RulePtr<Scalar> strict_by_curvature(std::optional<std::uint32_t> delay) {
  return std::make_shared<const Strict<Scalar>>(std::nullopt, delay);
}

template RulePtr<float> strict_by_curvature<float>(std::optional<std::uint32_t>);
template RulePtr<double> strict_by_curvature<double>(std::optional<std::uint32_t>);
template RulePtr<float> strict<float>(double);
template RulePtr<double> strict<double>(double);

}  // namespace settle
