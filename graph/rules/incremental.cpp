// Incremental predictive coding (Salvatori et al. 2023): every step of strict relaxation is one of learning too, by the
// same errors. With learning rate 0 it is strict relaxation.
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class Incremental final : public Rule<Scalar> {
 public:
  explicit Incremental(double value_rate) : value_rate_(value_rate) {}

  std::string_view name() const override { return "incremental"; }
  bool moves_values() const override { return true; }
  bool memoryless() const override { return false; }
  bool starts_anywhere() const override { return true; }
  bool learns_in_relax() const override { return true; }
  void refresh(Node<Scalar>& node, std::uint64_t) const override { node.follow_parents(); }
  Change advance(Node<Scalar>& node, std::uint64_t) const override { return node.move_value(value_rate_); }

 private:
  double value_rate_;
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> incremental(double value_rate) {
  return std::make_shared<const Incremental<Scalar>>(value_rate);
}

template RulePtr<float> incremental<float>(double);
template RulePtr<double> incremental<double>(double);

}  // namespace settle
