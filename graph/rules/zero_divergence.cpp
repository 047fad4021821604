// Zero-divergence inference learning (Song, Lukasiewicz, Xu & Bogacz 2020; on graphs: Salvatori, Song, Xu, Lukasiewicz
// & Bogacz 2022): strict relaxation from the feed-forward values at rate 1. On a levelled graph nothing reaches a
// vertex of level l before step l; at step l its error is backprop's, since what predicts it has not moved yet. It
// learns from the error of that very step, which is why it rests from then on: errors, Jacobians and so the feedback to
// shared parameters stay as of its own moment until the learn phase.
#include "graph/node.hpp"

namespace settle {
namespace {

template <class Scalar>
class ZeroDivergence final : public Rule<Scalar> {
 public:
  std::string_view name() const override { return "zero_divergence"; }
  bool moves_values() const override { return true; }
  bool memoryless() const override { return false; }
  bool timed() const override { return true; }
  bool rests(const Node<Scalar>& node, std::uint64_t step) const override { return step > level(node); }
  void refresh(Node<Scalar>& node, std::uint64_t step) const override {
    if (!rests(node, step)) node.follow_parents();
  }
  Change advance(Node<Scalar>& node, std::uint64_t step) const override {
    if (step >= level(node)) return {};
    // The rate is relative to the vertex's own precision: the error S / p that it moves by is weighted by p again.
    return node.move_value(1 / node.vertex().precision);
  }

 private:
  static std::uint64_t level(const Node<Scalar>& node) { return node.vertex().height; }
};

}  // namespace

template <class Scalar>
RulePtr<Scalar> zero_divergence() {
  return std::make_shared<const ZeroDivergence<Scalar>>();
}

template RulePtr<float> zero_divergence<float>();
template RulePtr<double> zero_divergence<double>();

}  // namespace settle
