// Purpose: what distinguishes the predictive-coding rules: what a vertex moves in relax, and by how much.
//   fixed_prediction  v^ and the Jacobians stay as the predict phase left them; the vertex moves xi:
//                     xi <- (1 - value_rate) * xi + value_rate * S      (value_rate 1: xi <- S, assigned)
//   strict            v moves, predictions follow:  v <- v + value_rate * (S - xi),  xi = precision * (v - v^)
// S is the sum of the children's feedback in slot order. Source: Millidge, Tschantz & Buckley 2020, sections 2 and 3.
// Rules are strategies over Node, one file each in graph/rules.
// Thread rule: immutable.
#pragma once

#include <memory>
#include <string_view>

namespace settle {

template <class Scalar>
class Node;

// How far one act moved a vertex.
struct Change {
  double largest = 0;    // max |change|
  double magnitude = 0;  // max |value|
  bool settled(double tolerance) const noexcept { return largest <= tolerance * (magnitude > 1 ? magnitude : 1); }
};

template <class Scalar>
class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view name() const = 0;

  // True where values travel in relax and predictions are formed anew from them (the strict family).
  virtual bool moves_values() const = 0;

  // True where an act is a function of the slots alone, so that acting again on the same slots changes nothing.
  virtual bool memoryless() const = 0;

  // Brings prediction and xi up to date with the parents' values that have arrived.
  virtual void refresh(Node<Scalar>& node) const = 0;

  // One act of a free vertex on the feedback that has arrived.
  virtual Change advance(Node<Scalar>& node) const = 0;
};

template <class Scalar>
using RulePtr = std::shared_ptr<const Rule<Scalar>>;

template <class Scalar>
RulePtr<Scalar> fixed_prediction(double value_rate);
template <class Scalar>
RulePtr<Scalar> strict(double value_rate);

}  // namespace settle
