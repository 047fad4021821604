#include "graph/evaluator.hpp"

#include <cassert>

#include "graph/eigen.hpp"

namespace settle {

template <class Scalar>
Evaluator<Scalar>::Evaluator(const Program& program)
    : program_(&program),
      registers_(program.shapes.size()),
      changed_(program.shapes.size(), 1),
      results_(program.instructions.size()),
      inputs_(program.instructions.size()),
      uses_(program.shapes.size()),
      adjoints_(program.instructions.size()),
      adjoint_state_(program.instructions.size(), Adjoint::unknown) {
  for (std::uint32_t k = 0; k < program.constants.size(); ++k) {
    const Tensor<double>& source = program.constants[k];
    Tensor<Scalar> constant(source.shape());
    std::ranges::transform(source.flat(), constant.data(), [](double x) { return static_cast<Scalar>(x); });
    constants_.push_back(std::move(constant));
  }
  for (std::uint32_t k = 0; k < constants_.size(); ++k)
    registers_[program.constant_register(k)] = std::as_const(constants_[k]).view();
  for (auto i = static_cast<std::uint32_t>(program.instructions.size()); i-- > 0;) {
    const auto& inputs = program.instructions[i].inputs;
    inputs_[i].resize(inputs.size());
    for (std::uint32_t k = 0; k < inputs.size(); ++k) uses_[inputs[k]].push_back({i, k});
  }
  in_place_ = independent_parameters();
  for (std::uint32_t i = 0; i < program.instructions.size(); ++i) passes_adjoint_.push_back(passes_adjoint(i));
}

template <class Scalar>
bool Evaluator<Scalar>::passes_adjoint(std::uint32_t instruction) const {
  const auto& uses = uses_[program_->result_register(instruction)];
  if (is_output(instruction) || is_precision(instruction) || uses.size() != 1) return false;
  const Instruction& user = program_->instructions[uses[0].instruction];
  std::vector<Shape> shapes;
  for (const std::uint32_t r : user.inputs) shapes.push_back(program_->shapes[r]);
  return user.op->passes_adjoint(uses[0].input, shapes);
}

template <class Scalar>
bool Evaluator<Scalar>::independent_parameters() const {
  std::vector<char> holds_parameter(registers_.size(),
                                    0);  // the register is a parameter's memory, perhaps a view of it
  for (std::uint32_t k = 0; k < program_->parameters; ++k) holds_parameter[program_->parameter_register(k)] = 1;
  for (std::uint32_t i = 0; i < program_->instructions.size(); ++i)
    if (program_->instructions[i].op->is_view())
      holds_parameter[program_->result_register(i)] = holds_parameter[program_->instructions[i].inputs[0]];
  for (std::uint32_t k = 0; k < program_->parameters; ++k)
    for (const Use& use : uses_[program_->parameter_register(k)]) {
      const Instruction& instruction = program_->instructions[use.instruction];
      for (std::size_t other = 0; other < instruction.inputs.size(); ++other)
        if (holds_parameter[instruction.inputs[other]] && instruction.op->adjoint_reads(use.input, other)) return false;
    }
  return true;
}

template <class Scalar>
void Evaluator<Scalar>::bind(std::int64_t batch) {
  if (batch == batch_) return;
  batch_ = batch;
  std::ranges::fill(changed_, 1);
  for (std::uint32_t i = 0; i < results_.size(); ++i) {
    if (is_output(i) || is_precision(i)) continue;
    const Shape shape = program_->shapes[program_->result_register(i)].with_batch(batch);
    if (!program_->instructions[i].op->is_view()) results_[i].resize(shape);
    if (!passes_adjoint_[i]) adjoints_[i].resize(shape);
  }
}

template <class Scalar>
void Evaluator<Scalar>::set_parent(std::uint32_t slot, ConstView<Scalar> value) {
  registers_[slot] = value;
  changed_[slot] = 1;
}

template <class Scalar>
void Evaluator<Scalar>::set_parameter(std::uint32_t k, ConstView<Scalar> value) {
  registers_[program_->parameter_register(k)] = value;
  changed_[program_->parameter_register(k)] = 1;
}

template <class Scalar>
void Evaluator<Scalar>::resolve(std::uint32_t instruction) {
  const auto& inputs = program_->instructions[instruction].inputs;
  for (std::size_t k = 0; k < inputs.size(); ++k) inputs_[instruction][k] = registers_[inputs[k]];
}

template <class Scalar>
bool Evaluator<Scalar>::forward(View<Scalar> output, View<Scalar> precision) {
  const auto count = static_cast<std::uint32_t>(results_.size());
  bool any = false;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Instruction& instruction = program_->instructions[i];
    const std::uint32_t target = program_->result_register(i);
    const View<Scalar> result = is_output(i) ? output : is_precision(i) ? precision : results_[i].view();
    bool stale = (is_output(i) || is_precision(i)) && registers_[target].data != result.data;
    for (const std::uint32_t r : instruction.inputs) stale = stale || changed_[r] != 0;
    changed_[target] = stale;
    if (!stale) continue;
    any = true;
    resolve(i);
    if (instruction.op->is_view()) {
      registers_[target] = {inputs_[i][0].data, program_->shapes[target].with_batch(batch_)};
      continue;
    }
    instruction.op->forward(std::span<const ConstView<Scalar>>(inputs_[i]), result);
    registers_[target] = result;
  }
  std::ranges::fill(changed_, 0);
  return any;
}

template <class Scalar>
void Evaluator<Scalar>::set_root(ConstView<Scalar> root, ConstView<Scalar> precision_root) {
  root_ = root;
  precision_root_ = precision_root;
  std::ranges::fill(adjoint_state_, Adjoint::unknown);
}

template <class Scalar>
ConstView<Scalar> Evaluator<Scalar>::adjoint_of(std::uint32_t instruction) {
  if (is_output(instruction)) return root_;
  if (is_precision(instruction)) return precision_root_;
  const std::uint32_t reg = program_->result_register(instruction);
  if (passes_adjoint_[instruction]) {
    const ConstView<Scalar> adjoint = adjoint_of(uses_[reg][0].instruction);
    if (!adjoint.data) return {};
    return {adjoint.data, program_->shapes[reg].with_batch(batch_)};
  }
  Adjoint& state = adjoint_state_[instruction];
  if (state == Adjoint::unknown)
    state = pull(reg, Scalar(1), adjoints_[instruction].view(), false) ? Adjoint::formed : Adjoint::zero;
  if (state == Adjoint::zero) return {};
  return std::as_const(adjoints_[instruction]).view();
}

template <class Scalar>
bool Evaluator<Scalar>::pull(std::uint32_t reg, Scalar scale, View<Scalar> result, bool accumulate) {
  assert(!uses_[reg].empty());
  if (scale != Scalar(1) && result.size() < adjoint_of(uses_[reg][0].instruction).size()) {
    scaled_.resize(result.shape);  // smaller than the adjoint that would be scaled otherwise
    const bool formed = pull(reg, Scalar(1), scaled_.view(), false);
    if (formed) store(array(result), scale * array(std::as_const(scaled_).view()), accumulate);
    return formed;
  }
  bool any = false;
  for (const Use& use : uses_[reg]) {
    ConstView<Scalar> adjoint = adjoint_of(use.instruction);
    if (!adjoint.data) continue;
    any = true;
    if (scale != Scalar(1)) {
      scaled_.resize(adjoint.shape);
      array(scaled_.view()) = scale * array(adjoint);
      adjoint = std::as_const(scaled_).view();
    }
    const Op& op = *program_->instructions[use.instruction].op;
    if (op.is_view()) {
      store(array(result), array(adjoint), accumulate);
    } else {
      op.backward(Backward<Scalar>{inputs_[use.instruction], registers_[program_->result_register(use.instruction)],
                                   adjoint, use.input, result, accumulate});
    }
    accumulate = true;
  }
  return any;
}

template <class Scalar>
void Evaluator<Scalar>::prepare_parameters() {
  for (std::uint32_t k = 0; k < program_->parameters; ++k)
    for (const Use& use : uses_[program_->parameter_register(k)]) adjoint_of(use.instruction);
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace settle
