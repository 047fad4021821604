// Purpose: what distinguishes the predictive-coding rules: what a vertex moves in relax, and by how much.
//   fixed_prediction  v^ and the Jacobians stay as the predict phase left them; the vertex moves xi:
//                     xi <- (1 - value_rate) * xi + value_rate * S      (value_rate 1: xi <- S, assigned)
//   strict            v moves, predictions follow:  v <- v + value_rate * (S - xi),  xi = precision * (v - v^)
//   incremental       strict, and parameters move at every step too, by the errors that the values move by; the learn
//                     phase has nothing left to do
//   zero_divergence   strict at rate 1 (of the vertex's own precision), each vertex at rest from step t = its level on
//   activation_relaxation  fixed prediction's xi starts as v:  v <- (1 - value_rate) * v + value_rate * S,  xi = v
// S is the sum of the children's feedback in slot order. Source: Millidge, Tschantz & Buckley 2020, sections 2 and 3.
// Level: edges to the outputs. zero_divergence: Song et al. 2020, Salvatori et al. 2022 (a reverse-differentiation
// view); activation_relaxation: Millidge, Tschantz, Seth & Buckley 2020. Steps count from 0 at the phase's begin.
// incremental: Salvatori et al. 2023, "Incremental Predictive Coding", algorithm 1.
// Rules are strategies over Node, one file each in graph/rules.
// Thread rule: immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
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

  // True where relaxation may start from any values, so that free inputs and cycles are admitted.
  virtual bool starts_anywhere() const { return false; }

  // True where parameters move in relax, at every act, and not in learn.
  virtual bool learns_in_relax() const { return false; }

  // True where it counts at which step something happens: lockstep only.
  virtual bool timed() const { return false; }

  // True where the rate follows the curvature, which is then bounded when relax begins (Node::bound_curvature).
  virtual bool follows_curvature() const { return false; }

  // Before the first act of a relax phase, of a free vertex.
  virtual void begin(Node<Scalar>&) const {}

  // True where the parents' values of that step do not reach the vertex any more: it keeps the ones before.
  virtual bool rests(const Node<Scalar>&, std::uint64_t /*step*/) const { return false; }

  // Brings prediction and xi up to date with the parents' values that have arrived. `step` is 0 where acts are not
  // counted in steps.
  virtual void refresh(Node<Scalar>& node, std::uint64_t step) const = 0;

  // One act of a free vertex on the feedback that has arrived.
  virtual Change advance(Node<Scalar>& node, std::uint64_t step) const = 0;
};

template <class Scalar>
using RulePtr = std::shared_ptr<const Rule<Scalar>>;

template <class Scalar>
RulePtr<Scalar> fixed_prediction(double value_rate);
template <class Scalar>
RulePtr<Scalar> strict(double value_rate);
// The rate of each vertex follows its curvature. `delay`: in lockstep, how many steps late it hears what its move did;
// none: asynchronous, where it waits for answers.
template <class Scalar>
RulePtr<Scalar> strict_by_curvature(std::optional<std::uint32_t> delay);
template <class Scalar>
RulePtr<Scalar> incremental(double value_rate);
// Requires: the graph is levelled (graph/levelling.hpp).
template <class Scalar>
RulePtr<Scalar> zero_divergence();
template <class Scalar>
RulePtr<Scalar> activation_relaxation(double value_rate);

}  // namespace settle
