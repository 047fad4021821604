#include "graph/evaluator.hpp"

#include <cassert>

#include "graph/eigen.hpp"

namespace settle {

template <class Scalar>
Evaluator<Scalar>::Evaluator(const Program& program)
    : program_(&program), registers_(program.shapes.size()), steps_(program.instructions.size() - 1) {
  for (const Tensor<double>& source : program.constants) {
    Tensor<Scalar> constant(source.shape());
    std::ranges::transform(source.flat(), constant.data(), [](double x) { return static_cast<Scalar>(x); });
    constants_.push_back(std::move(constant));
  }
  for (std::uint32_t k = 0; k < constants_.size(); ++k)
    registers_[program.constant_register(k)].data = constants_[k].data();
}

template <class Scalar>
void Evaluator<Scalar>::bind(std::int64_t batch) {
  if (batch == batch_) return;
  batch_ = batch;
  for (Register& reg : registers_) reg.changed = true;
  for (std::uint32_t i = 0; i < steps_.size(); ++i) {
    if (is_precision(i)) continue;
    const auto size = static_cast<std::size_t>(shape(program_->result_register(i)).size());
    if (!program_->instructions[i].op->is_view()) steps_[i].result.reserve(size);
    if (!program_->passes_adjoint[i]) steps_[i].adjoint.reserve(size);
  }
}

// What an instruction reads; on the stack, but for the few operators of many inputs.
template <class Scalar>
class Evaluator<Scalar>::Inputs {
 public:
  Inputs(const Evaluator& evaluator, const Instruction& instruction) : views_(few_.data(), instruction.inputs.size()) {
    if (views_.size() > few_.size()) {
      many_.resize(views_.size());
      views_ = many_;
    }
    std::ranges::transform(instruction.inputs, views_.begin(), [&](std::uint32_t reg) { return evaluator.view(reg); });
  }
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;
  operator std::span<const ConstView<Scalar>>() const noexcept { return views_; }

 private:
  std::array<ConstView<Scalar>, 8> few_;
  std::vector<ConstView<Scalar>> many_;
  std::span<ConstView<Scalar>> views_;
};

template <class Scalar>
bool Evaluator<Scalar>::forward(View<Scalar> output, View<Scalar> precision) {
  const auto count = static_cast<std::uint32_t>(program_->instructions.size());
  bool any = false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Instruction& instruction = program_->instructions[i];
    const std::uint32_t target = program_->result_register(i);
    const View<Scalar> result = is_output(i)      ? output
                                : is_precision(i) ? precision
                                                  : View<Scalar>{steps_[i].result.data(), shape(target)};
    bool stale = (is_output(i) || is_precision(i)) && registers_[target].data != result.data;
    for (const std::uint32_t r : instruction.inputs) stale = stale || registers_[r].changed;
    registers_[target].changed = stale;
    if (!stale) continue;
    any = true;
    if (instruction.op->is_view()) {
      registers_[target].data = registers_[instruction.inputs[0]].data;
      continue;
    }
    instruction.op->forward(Inputs(*this, instruction), result);
    registers_[target].data = result.data;
  }
  for (Register& reg : registers_) reg.changed = false;
  return any;
}

template <class Scalar>
void Evaluator<Scalar>::set_root(ConstView<Scalar> root, ConstView<Scalar> precision_root) {
  root_ = root;
  precision_root_ = precision_root;
  for (Step& step : steps_) step.state = Adjoint::unknown;
}

template <class Scalar>
ConstView<Scalar> Evaluator<Scalar>::adjoint_of(std::uint32_t instruction) {
  if (is_output(instruction)) return root_;
  if (is_precision(instruction)) return precision_root_;
  const std::uint32_t reg = program_->result_register(instruction);
  if (program_->passes_adjoint[instruction]) {
    const ConstView<Scalar> adjoint = adjoint_of(program_->uses[reg][0].instruction);
    if (!adjoint.data) return {};
    return {adjoint.data, shape(reg)};
  }
  Step& step = steps_[instruction];
  const View<Scalar> adjoint{step.adjoint.data(), shape(reg)};
  if (step.state == Adjoint::unknown)
    step.state = pull(reg, Scalar(1), adjoint, false) ? Adjoint::formed : Adjoint::zero;
  if (step.state == Adjoint::zero) return {};
  return adjoint;
}

template <class Scalar>
bool Evaluator<Scalar>::is_unformed_view(std::uint32_t instruction) const {
  return program_->instructions[instruction].op->is_view() && !is_output(instruction) && !is_precision(instruction) &&
         !program_->passes_adjoint[instruction] && steps_[instruction].state == Adjoint::unknown;
}

template <class Scalar>
bool Evaluator<Scalar>::pull(std::uint32_t reg, Scalar scale, View<Scalar> result, bool accumulate) {
  thread_local Tensor<Scalar> scaled;  // an operator that runs an evaluator of its own pulls unscaled
  assert(!program_->uses[reg].empty());
  if (scale != Scalar(1) && result.size() < adjoint_of(program_->uses[reg][0].instruction).size()) {
    scaled.resize(result.shape);  // smaller than the adjoint that would be scaled otherwise
    const bool formed = pull(reg, Scalar(1), scaled.view(), false);
    if (formed) store(array(result), scale * array(std::as_const(scaled).view()), accumulate);
    return formed;
  }
  bool any = false;
  for (const Program::Use& use : program_->uses[reg]) {
    if (!accumulate && scale == Scalar(1) && is_unformed_view(use.instruction)) {
      // Nothing else is made from the adjoint of a view's result: it is formed in its place.
      const std::uint32_t viewed = program_->result_register(use.instruction);
      accumulate = any = pull(viewed, Scalar(1), {result.data, shape(viewed)}, false);
      continue;
    }
    ConstView<Scalar> adjoint = adjoint_of(use.instruction);
    if (!adjoint.data) continue;
    any = true;
    if (scale != Scalar(1)) {
      scaled.resize(adjoint.shape);
      array(scaled.view()) = scale * array(adjoint);
      adjoint = std::as_const(scaled).view();
    }
    const Instruction& instruction = program_->instructions[use.instruction];
    if (instruction.op->is_view()) {
      store(array(result), array(adjoint), accumulate);
    } else {
      instruction.op->backward(Backward<Scalar>{Inputs(*this, instruction),
                                                view(program_->result_register(use.instruction)), adjoint, use.input,
                                                result, accumulate});
    }
    accumulate = true;
  }
  return any;
}

template <class Scalar>
void Evaluator<Scalar>::prepare_parameters() {
  for (std::uint32_t k = 0; k < program_->parameters; ++k)
    for (const Program::Use& use : program_->uses[program_->parameter_register(k)]) adjoint_of(use.instruction);
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace settle
