#include "actors/executor.hpp"

namespace settle {
namespace {

template <class Scalar>
class OneTrial final : public TrialFeed<Scalar> {
 public:
  explicit OneTrial(std::shared_ptr<const Trial> trial) : trial_(std::move(trial)) {}
  std::shared_ptr<const Trial> next() override { return std::exchange(trial_, nullptr); }
  void finished(const Trial&, const TrialReport<Scalar>& report) override { report_ = report; }
  TrialReport<Scalar> report_;

 private:
  std::shared_ptr<const Trial> trial_;
};

template <class Scalar>
Tensor<Scalar> precision_of(const Node<Scalar>& node) {
  if (!node.prediction()) return {};
  Tensor<Scalar> values(node.prediction()->shape());
  const Precision<Scalar> precision = node.precision();
  if (precision.elementwise())
    std::ranges::copy(precision.each.flat(), values.data());
  else
    values.fill(static_cast<Scalar>(precision.uniform));
  return values;
}

}  // namespace

template <class Scalar>
Tensor<Scalar> observe_node(const Node<Scalar>& node, Quantity quantity) {
  if (quantity == Quantity::precision) return precision_of(node);
  const Payload<Scalar>& tensor = quantity == Quantity::value ? node.value() : node.prediction();
  if (quantity != Quantity::weighted_error) return tensor ? tensor.copy() : Tensor<Scalar>();
  if (const Payload<Scalar>& xi = node.weighted_error()) return xi.copy();
  return node.prediction() ? Tensor<Scalar>(node.prediction()->shape()) : Tensor<Scalar>();
}

template <class Scalar>
void add_report(TrialReport<Scalar>& sum, VertexId vertex, const VertexReport& report) {
  sum.loss += report.loss;
  sum.free_energy += report.energy;
  sum.messages += report.messages;
  sum.bytes += report.bytes;
  sum.acts += report.acts;
  sum.unsettled += report.unsettled ? 1 : 0;
  if (report.diverged && !sum.diverged) sum.diverged = vertex;
}

template <class Scalar>
std::vector<std::vector<char>> Executor<Scalar>::save_parts(const PartKeeper<Scalar>& here,
                                                            std::span<const char> order) const {
  return {here(0, save(), order)};
}

template <class Scalar>
std::vector<double> Executor<Scalar>::energies() const {
  std::vector<double> energies;
  for (const VertexReport& report : reports()) energies.push_back(report.energy);
  return energies;
}

template <class Scalar>
std::vector<std::uint64_t> Executor<Scalar>::acts() const {
  std::vector<std::uint64_t> counts;
  for (const VertexReport& report : reports()) counts.push_back(report.acts);
  return counts;
}

template <class Scalar>
TrialReport<Scalar> run_trial(Executor<Scalar>& executor, std::shared_ptr<const Trial> trial) {
  OneTrial<Scalar> feed(std::move(trial));
  executor.run(feed);
  return feed.report_;
}

template std::vector<std::vector<char>> Executor<float>::save_parts(const PartKeeper<float>&,
                                                                    std::span<const char>) const;
template std::vector<std::vector<char>> Executor<double>::save_parts(const PartKeeper<double>&,
                                                                     std::span<const char>) const;
template std::vector<double> Executor<float>::energies() const;
template std::vector<double> Executor<double>::energies() const;
template std::vector<std::uint64_t> Executor<float>::acts() const;
template std::vector<std::uint64_t> Executor<double>::acts() const;
template Tensor<float> observe_node(const Node<float>&, Quantity);
template Tensor<double> observe_node(const Node<double>&, Quantity);
template void add_report(TrialReport<float>&, VertexId, const VertexReport&);
template void add_report(TrialReport<double>&, VertexId, const VertexReport&);
template TrialReport<float> run_trial(Executor<float>&, std::shared_ptr<const Trial>);
template TrialReport<double> run_trial(Executor<double>&, std::shared_ptr<const Trial>);

}  // namespace settle
