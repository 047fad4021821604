#include "sim/virtual/gradient_trace.hpp"

#include "sim/config/key_types.hpp"

namespace settle {

template <class Scalar>
VirtualGradientTrace<Scalar>::VirtualGradientTrace(VirtualTimeExecutor<Scalar>& executor,
                                                   const GradientProblem<Scalar>& problem, const Rule<Scalar>& rule,
                                                   const Gradients<Scalar>& backprop, ClosedForm closed_form)
    : executor_(executor), problem_(problem), rule_(rule), backprop_(backprop), closed_form_(std::move(closed_form)) {
  csv_ += closed_form_ ? ",gradient_error_closed_form\n" : "\n";
}

template <class Scalar>
void VirtualGradientTrace<Scalar>::sample(const RelaxationSample<Scalar>& sample) {
  using key_types::spelling;
  const Graph& graph = sample.graph();
  double free_energy = 0;
  for (VertexId id = 0; id < graph.size(); ++id) free_energy += sample.node(id).energy();
  auto now = free_values<Scalar>(executor_, graph, *problem_.trial, rule_);
  const double update = before_.empty() ? 0 : largest_change(now, before_);
  const double error = relative_error(graph, full_gradients(executor_.read_out_now(), problem_), backprop_);
  csv_ += std::to_string(sample.step()) + "," + spelling(free_energy) + "," + spelling(error) + "," + spelling(update) +
          "," + std::to_string(sample.messages()) + "," + std::to_string(sample.tick());
  if (closed_form_) csv_ += "," + spelling(closed_form_(sample));
  csv_ += "\n";
  before_ = std::move(now);
}

template class VirtualGradientTrace<float>;
template class VirtualGradientTrace<double>;

}  // namespace settle
