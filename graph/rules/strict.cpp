// Strict predictive coding (Millidge, Tschantz & Buckley 2020, section 2): gradient descent on the free energy,
// -dF/dv = S - precision * error, with predictions that follow the values.
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class Strict final : public Rule<Scalar> {
 public:
  explicit Strict(double value_rate) : value_rate_(value_rate) {}

  std::string_view name() const override { return "strict"; }
  bool moves_values() const override { return true; }
  bool memoryless() const override { return false; }
  void refresh(Node<Scalar>& node) const override {
    if (node.vertex().kind != VertexKind::computed) return;
    node.repredict();
    node.form_weighted_error();
  }
  Change advance(Node<Scalar>& node) const override { return node.move_value(node.sum_feedback(), value_rate_); }

 private:
  double value_rate_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> strict(double value_rate) {
  return std::make_shared<const Strict<Scalar>>(value_rate);
}

template RulePtr<float> strict<float>(double);
template RulePtr<double> strict<double>(double);

}  // namespace settle
