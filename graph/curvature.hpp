// Purpose: how fast a vertex may move: a bound of the free energy's curvature that each vertex forms from its own
// Jacobian and one number a child, so that `value_rate = auto` needs no tuning.
//   gain of j      g_j = p_j * s_j * (1 + s_j),  s_j = |d z_j / d (its moving parents' values)|; sent with its feedback
//   bound at i     L_i = p_i * (1 + s_i) + sum over children of g_j
// For any x, y: |x - J y|^2 <= (1 + s) |x|^2 + (s^2 + s) |y|^2, so the energies' Gauss-Newton Hessian is at most
// diag(L): with rates below 2 / L_i everywhere a quadratic free energy never rises in lockstep. Where what a vertex
// hears of its moves is D of them late, the gain of its loops must stay below 2 sin(pi / (2 (2 D + 1))), each vertex's
// own D counting (Johari & Tan 2001, theorem 3); the rate is half of that over L_i. In lockstep D is told. In
// asynchronous pacing nobody could tell it, so a vertex moves on only when every child has answered its last value
// (NodeCore): however late answers are, D is 1 then, for what others did meanwhile, and delay costs time, not
// stability. The bound is of the predict phase's values. Should curvature grow beyond it, changes grow
// too: then the vertex halves its own rate, by itself, for the rest of the trial, down to 1/64. In lockstep it compares
// stretches of steps, which also sees slow swings by a delay that nobody told. Asynchronously late news make a vertex
// move far too, but not to and fro: there its moves must turn against the ones before, farther each time, twice.
// s_j is found by power iteration on J J^T from a start that the vertex's name fixes: the same bits on every executor.
// Caller: Node. Thread rule: one owner.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "graph/precision.hpp"
#include "graph/tensor.hpp"

namespace settle {

template <class Scalar>
class Evaluator;

// s: the largest over samples, found from below and enlarged by what power iteration may have missed.
struct JacobianProbe {
  std::string_view name;             // fixes the start
  std::vector<std::uint32_t> slots;  // of the parents that move
  bool by_sample = true;             // samples do not mix: vertex and these parents have a batch
};

// Requires: `evaluator` has run forward to `location`; `parents` are what it holds. Afterwards it holds them again, and
// `scratch` is where its output lies until it next runs forward.
template <class Scalar>
double norm_of_jacobian(Evaluator<Scalar>& evaluator, const JacobianProbe& probe,
                        const std::vector<ConstView<Scalar>>& parents, ConstView<Scalar> location,
                        View<Scalar> precision, Tensor<Scalar>& scratch);

class Curvature {
 public:
  // Of a new relax phase, after the gains that came with earlier messages were forgotten.
  void begin(double own, double gain, std::size_t children);
  double gain() const noexcept { return gain_; }
  void set_child_gain(std::size_t child, double gain) { children_[child] = gain; }

  struct Pace {
    double rate;
    double share;  // of 1 / L, the rate without delay or restraint
  };
  // Nothing until every child has told its gain. `delay`: D.
  std::optional<Pace> pace(std::uint32_t delay) const;
  // Lockstep: how far a step has moved the vertex.
  void note_step(double largest);
  // Asynchronous: how far a move has, and whether it went against the one before.
  void note_move(double largest, bool turned);

 private:
  void restrain();

  double own_ = 0;
  double gain_ = 0;
  std::vector<double> children_;  // negative: unknown

  double restraint_ = 1;
  std::uint32_t steps_ = 0;  // in this stretch
  std::uint32_t stretch_ = 0;
  double peak_ = 0;  // of the present stretch, or swing
  double peak_before_ = std::numeric_limits<double>::infinity();
  int growing_ = 0;  // swings in a row
};

}  // namespace settle
